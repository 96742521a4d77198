"""A checklist file or a stored definition, read into a checklist or refused with every fault it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from checker.standards import yaml_lines
from checker.standards.advice import warnings
from checker.standards.coherence import refuse_contradictions
from checker.standards.definition import build, plain
from checker.standards.faults import N_, Fault, Refused
from checker.standards.keys import CHECKLIST
from checker.standards.model import Checklist
from checker.standards.schema import schema
from checker.standards.shapes import Reading
from checker.standards.yaml_lines import Path

__all__ = ["read_definition", "read_yaml", "schema", "warnings"]

LANGUAGES = next(key.shape for key in CHECKLIST.keys if key.name == "languages")


def read_yaml(source: bytes | str, name: str) -> Checklist:
    """Read a checklist file (YAML 1.2, UTF-8). `name` is the file's name, for the places of its faults.

    Raises `Refused` with every fault there is, in the order of the lines ("store_visit.yaml:12"). What cannot
    be read as YAML at all is one fault, at the place where reading stopped.
    """
    document = yaml_lines.read(source, name)
    if document.value is None and not document.faults:
        text = N_("The file is empty; a checklist begins with its id.")
        raise Refused([Fault("yaml.empty", name, text)])
    reading = Reading()
    checklist = _read(document.value, reading)
    faults = [*document.faults]
    faults += [
        _placed(fault, path, document.place) for path, fault in reading.faults if path not in document.spoiled
    ]
    if faults or checklist is None:
        raise Refused(sorted(faults, key=_line))
    return checklist


def read_definition(definition: Mapping[str, object]) -> Checklist:
    """Read a definition from plain JSON values, such as the stored one of a published version.

    Raises `Refused` with every fault; places are paths ("sections[2].items[0].points").
    """
    reading = Reading()
    checklist = _read(definition, reading)
    if checklist is None:
        raise Refused([_placed(fault, path, _path_place) for path, fault in reading.faults])
    return checklist


def _read(value: object, reading: Reading) -> Checklist | None:
    """The one set of rules. None when it is refused; `reading` then holds why."""
    if isinstance(value, Mapping):
        # Every text is checked against the languages; their own faults are noted when their turn comes.
        languages = LANGUAGES.read(value.get("languages"), (), Reading()) or ()
        reading.languages = () if None in languages else tuple(languages)
    values = CHECKLIST.read(value, (), reading)
    if values is not None:
        refuse_contradictions(values, reading)
    if values is None or reading.faults:
        return None
    checklist = build(values)
    return replace(checklist, definition=plain(checklist))


def _placed(fault: Fault, path: Path, place: Callable[[Path], str]) -> Fault:
    details = {
        key: place(detail) if isinstance(detail, tuple) else detail for key, detail in fault.details.items()
    }
    return replace(fault, place=place(path), details=details)


def _path_place(path: Path) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return steps.removeprefix(".")


def _line(fault: Fault) -> int:
    return int(fault.place.rpartition(":")[2])
