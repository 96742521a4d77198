"""What adding and changing a person share: is the entry sound, and which branches and regions are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from checker.access import ROLES, SCOPED
from checker.config import LANGUAGES
from checker.standards.faults import N_, Fault, Refused
from checker.store import branches as branch_store
from checker.store import employees, people
from checker.store.connection import Store

EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as somebody entered it, found sound, with keys in place of codes."""

    email: str
    name: str
    role: str
    language: str
    employee_id: int | None
    branch_ids: tuple[int, ...]
    region_ids: tuple[int, ...]

    def row(self) -> dict[str, object]:
        """The columns of `person` that are entered."""
        names = ("email", "name", "role", "language", "employee_id")
        return {name: getattr(self, name) for name in names}


def read_entry(
    store: Store,
    *,
    email: str,
    name: str,
    role: str,
    branches: Iterable[str],
    regions: Iterable[str],
    language: str,
    employee: str | None,
    person_id: int | None = None,
) -> Entry:
    """Read what was entered about a person; `person_id` is theirs when they exist already.

    Raises Refused with every fault, the place being the field's name.
    """
    email, name, employee = email.strip(), " ".join(name.split()), (employee or "").strip()
    branch_codes, region_codes = tidy(branches), tidy(regions)
    faults: list[Fault] = []
    if not EMAIL.fullmatch(email) or len(email) > 254:
        faults.append(Fault("person.email", "email", N_("Give an e-mail address such as name@example.org.")))
    else:
        held = people.find_by_email(store, email)
        if held is not None and held["id"] != person_id:
            text = N_("%(email)s is taken already. One address is one person.")
            faults.append(Fault("person.email_taken", "email", text, {"email": email}))
    if not name or len(name) > 200:
        faults.append(Fault("person.name", "name", N_("Give a name of at most 200 characters.")))
    if role not in ROLES:
        text = N_("There is no role “%(role)s”. Choose one of: %(roles)s.")
        faults.append(Fault("person.role", "role", text, {"role": role, "roles": ", ".join(ROLES)}))
    if language not in LANGUAGES:
        text = N_("There is no language “%(language)s”. Choose one of: %(languages)s.")
        details = {"language": language, "languages": ", ".join(LANGUAGES)}
        faults.append(Fault("person.language", "language", text, details))
    faults += scope_faults(role, branch_codes, region_codes)

    branch_ids, region_ids = [], []
    for code in branch_codes:
        branch = branch_store.find(store, code)
        if branch is None:
            faults.append(
                Fault("person.branch", "branches", N_("There is no branch “%(code)s”."), {"code": code})
            )
        else:
            branch_ids.append(int(branch["id"]))
    for code in region_codes:
        key = people.region_key(store, code)
        if key is None:
            faults.append(
                Fault("person.region", "regions", N_("There is no region “%(code)s”."), {"code": code})
            )
        else:
            region_ids.append(key)
    found = employees.find(store, employee) if employee else None
    if employee and found is None:
        text = N_("There is no employee “%(code)s”.")
        faults.append(Fault("person.employee", "employee", text, {"code": employee}))
    elif found is not None and role == "employee":
        faults += _taken_faults(store, int(found["id"]), employee, person_id)
    elif role == "employee" and not employee:
        faults.append(
            Fault("person.employee_missing", "employee", N_("Say which employee this is, by code."))
        )
    if faults:
        raise Refused(faults)
    return Entry(
        email,
        name,
        role,
        language,
        None if found is None else int(found["id"]),
        tuple(branch_ids),
        tuple(region_ids),
    )


def _taken_faults(store: Store, employee_id: int, code: str, person_id: int | None) -> list[Fault]:
    """A mistyped code would show somebody a colleague's progress."""
    held = people.find_by_employee(store, employee_id)
    if held is None or held["id"] == person_id:
        return []
    text = N_("%(email)s sees the progress of “%(code)s” already, and nobody else should. Correct the code.")
    return [Fault("person.employee_taken", "employee", text, {"email": held["email"], "code": code})]


def tidy(codes: Iterable[str]) -> list[str]:
    """Codes without blanks around them, each once, in order."""
    return list(dict.fromkeys(code.strip() for code in codes if code.strip()))


def scope_faults(role: str, branches: list[str], regions: list[str]) -> list[Fault]:
    """A manager without a branch would see nothing; a branch named for a shopper would mean nothing."""
    if role == "manager" and not branches and not regions:
        return [
            Fault("person.scope_missing", "branches", N_("Name at least one branch or region for a manager."))
        ]
    if role in ROLES and role not in SCOPED and (branches or regions):
        text = N_("Branches and regions are named for managers and leadership only; leave them empty.")
        return [Fault("person.scope_unused", "branches" if branches else "regions", text)]
    return []
