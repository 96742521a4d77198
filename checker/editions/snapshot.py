"""The figures of an edition as JSON and back without loss: what its files are drawn from, for good.

Fields that a later Checker adds have defaults, so an older snapshot still reads; fields it does not know are
passed over. `FORMAT` grows when neither is enough, and `read` then has a step for each older one. Checklists
stay where they are published: a snapshot names version and hash, and an item by its version and id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from cattrs.preconf.json import JsonConverter, make_converter

from checker.problem import Problem
from checker.standards.faults import N_
from checker.standards.model import Checklist, Item
from checker.standards.month import Month
from checker.store.checklists import Version
from checker.summaries.values import BranchMonth, EditionText, Look, NetworkMonth

FORMAT = 1

Summary = BranchMonth | NetworkMonth
Audience = Literal["manager", "leadership"]

_KINDS: Mapping[str, type] = {"branch": BranchMonth, "network": NetworkMonth}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything an edition's files are drawn from, languages and names aside."""

    text: EditionText
    copies: Mapping[Audience, Summary]
    """For whom -> the figures that may be shown to them; the network and regions have leadership's alone."""
    look: Look

    @property
    def summary(self) -> Summary:
        """Leadership's copy."""
        return self.copies["leadership"]


def write(snapshot: Snapshot, versions: Sequence[Version]) -> bytes:
    """Give a snapshot as JSON; the same gives the same bytes. `versions` are all that were ever published."""
    converter = _converter(versions)
    kind = "branch" if isinstance(snapshot.summary, BranchMonth) else "network"
    whole = {
        "format": FORMAT,
        "kind": kind,
        "look": converter.unstructure(snapshot.look),
        "text": converter.unstructure(snapshot.text),
        "copies": {audience: converter.unstructure(copy) for audience, copy in snapshot.copies.items()},
    }
    # In the order of the fields, not sorted: mappings are drawn in their order.
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def read(content: bytes, versions: Sequence[Version]) -> Snapshot:
    """Give what `write` was given.

    Raises Problem "edition.newer" for a snapshot of a later Checker, and "edition.checklist" when the
    published checklist is not the one it was made with.
    """
    whole = json.loads(content)
    if whole["format"] > FORMAT:
        text = N_("This edition was released by a newer Checker. Install that version to draw it again.")
        raise Problem("edition.newer", 409, text)
    converter = _converter(versions)
    kind = _KINDS[whole["kind"]]
    return Snapshot(
        converter.structure(whole["text"], EditionText),
        {audience: converter.structure(copy, kind) for audience, copy in whole["copies"].items()},
        converter.structure(whole["look"], Look),
    )


_converters: dict[tuple[int, ...], JsonConverter] = {}
MOST_CONVERTERS = 16  # a server's threads have one each


def _converter(versions: Sequence[Version]) -> JsonConverter:
    """What turns our frozen values into plain ones and back. Kept: to make one takes ten times what it does.

    A kept one holds its versions, so nothing else can have their identities.
    """
    key = tuple(map(id, versions))
    held = _converters.get(key)
    if held is None:
        if len(_converters) >= MOST_CONVERTERS:
            _converters.clear()
        held = _converters[key] = _make_converter(tuple(versions))
    return held


def _make_converter(versions: Sequence[Version]) -> JsonConverter:
    published = {(one.checklist.id, one.checklist.version): one for one in versions}
    home = {id(item): one.checklist for one in versions for item in one.checklist.items}

    def find(value: Mapping[str, Any]) -> Version:
        held = published.get((value["checklist"], value["version"]))
        if held is None:
            raise _another_checklist()
        return held

    def checklist_out(checklist: Checklist) -> dict[str, object]:
        named = {"checklist": checklist.id, "version": checklist.version}
        return {**named, "hash": find(named).hash.hex()}

    def checklist_in(value: Mapping[str, Any], _: type) -> Checklist:
        held = find(value)
        if held.hash.hex() != value["hash"]:
            raise _another_checklist()
        return held.checklist

    def item_out(item: Item) -> dict[str, object]:
        found = home.get(id(item)) or next(
            one.checklist for one in versions if one.checklist.item.get(item.id) == item
        )
        return {"checklist": found.id, "version": found.version, "item": item.id}

    def item_in(value: Mapping[str, Any], _: type) -> Item:
        return find(value).checklist.item[value["item"]]

    converter = make_converter(detailed_validation=False)  # a refusal comes as it was raised
    converter.register_unstructure_hook(Checklist, checklist_out)
    converter.register_structure_hook(Checklist, checklist_in)
    converter.register_unstructure_hook(Item, item_out)
    converter.register_structure_hook(Item, item_in)
    converter.register_unstructure_hook(Month, str)
    converter.register_structure_hook(Month, lambda value, _: Month.parse(value))
    converter.register_unstructure_hook(UUID, str)
    converter.register_structure_hook(UUID, lambda value, _: UUID(value))
    return converter


def _another_checklist() -> Problem:
    text = N_(
        "The checklist of this edition is not the one that was published then, so it cannot be drawn "
        "again. Restore it from a backup; the files that were sent are still here."
    )
    return Problem("edition.checklist", 409, text)
