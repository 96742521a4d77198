"""The reviewers' pages: what was sent, what is decided about it, and corrections."""

from checker.web.review import correction, others, quoting, views
from checker.web.review.room import bp

__all__ = ["bp", "correction", "others", "quoting", "views"]
