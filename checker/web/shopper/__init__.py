"""The shopper's pages: today, the visit's form, review, receipt."""

from checker.web.shopper import drafts, shown, today, visit
from checker.web.shopper.room import bp

__all__ = ["bp", "drafts", "shown", "today", "visit"]
