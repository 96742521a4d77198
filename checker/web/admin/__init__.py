"""The administrators' pages: one module per noun, each with its list, its form and what may be done to it."""

from checker.web.admin import (
    assignments,
    branches,
    checklists,
    devices,
    employees,
    exports,
    imports,
    mailings,
    overview,
    programme,
    regions,
    targets,
    tokens,
    trail,
    unsent,
    users,
)
from checker.web.admin.room import bp

__all__ = [
    "assignments",
    "bp",
    "branches",
    "checklists",
    "devices",
    "employees",
    "exports",
    "imports",
    "mailings",
    "overview",
    "programme",
    "regions",
    "targets",
    "tokens",
    "trail",
    "unsent",
    "users",
]
