"""What methods, decisions, circumstances and states of a visit are called, on paper and on pages."""

from collections.abc import Mapping

from checker.standards.faults import N_
from checker.summaries.values import VisitLine
from checker.words import Words

METHODS: Mapping[str, str] = {
    "mystery_shopping": N_("Mystery shopping"),
    "observation": N_("Observation"),
    "self_check": N_("Self-check"),
}

EVENTS: Mapping[str, str] = {
    "approve": N_("Approved"),
    "return": N_("Sent back to the shopper"),
    "revise": N_("Corrected"),
    "void": N_("Declared void"),
    "restore": N_("Brought back"),
    "exclude": N_("Left out of figures"),
    "include": N_("Taken into figures again"),
}

ADJUSTMENTS: Mapping[str, str] = {
    "weights": N_("Weights of the sections"),
    "bonus": N_("Bonus"),
    "bonus_cap": N_("Bonus stops at 100 %"),
    "critical_cap": N_("Cap, because a critical question was not met"),
}

CONTEXT: Mapping[str, str] = {
    "scenario": N_("Scenario"),
    "planned_purchase": N_("Planned purchase"),
    "expectations_before": N_("Expectations before"),
    "first_visit": N_("First visit here"),
    "purchase_made": N_("Bought something"),
    "busy": N_("Busy"),
    "customers_waiting": N_("Customers waiting"),
    "emotion_after": N_("Feeling afterwards"),
    "announced_reply_minutes": N_("Announced time to the reply, minutes"),
}
"""What the circumstances of a visit are called by those who read it."""


def flags(line: VisitLine, words: Words) -> list[tuple[str, str]]:
    """What sets a visit apart in a list: (kind of mark, words)."""
    found = []
    if line.state == "void":
        found.append(("bad", words.gettext("void")))
    if line.excluded:
        found.append(("open", words.gettext("left out of figures")))
    if line.practice:
        found.append(("open", words.gettext("practice")))
    if line.state == "returned":
        found.append(("late", words.gettext("being clarified")))
    if line.flagged:
        found.append(("flag", words.gettext("critical finding")))
    plain = line.state != "void" and not line.excluded and not line.practice
    if plain and line.outcome == "completed" and not line.counted:
        found.append(("open", words.gettext("not in figures")))
    return found
