"""A small network: two regions, three branches in two time zones, three employees."""

from __future__ import annotations

from checker.store.connection import Store

REGIONS = (("R1", "North"), ("R2", "South"))

BRANCHES = (
    ("B001", "Harbour", "R1", "Europe/Helsinki"),
    ("B002", "Station", "R1", "Europe/Helsinki"),
    ("B003", "Old Town", "R2", "Europe/Bucharest"),
)

EMPLOYEES = (("E0001", "Eve Alder", "B001"), ("E0002", "Emil Birch", "B001"), ("E0003", "Edda Cedar", "B003"))

SINCE = "2024-01-01"


def build(store: Store) -> None:
    """Add regions, branches, employees and their employment; doing it twice changes nothing."""
    if store.value("SELECT 1 FROM region") is not None:
        return
    with store.write():
        regions = {code: store.add("region", {"code": code, "name": name}) for code, name in REGIONS}
        branches = {
            code: store.add(
                "branch", {"code": code, "name": name, "region_id": regions[region], "zone": zone}
            )
            for code, name, region, zone in BRANCHES
        }
        for code, name, branch in EMPLOYEES:
            employee = store.add("employee", {"code": code, "name": name})
            store.add(
                "employment", {"employee_id": employee, "branch_id": branches[branch], "from_on": SINCE}
            )
