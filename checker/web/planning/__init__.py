"""Actions: planned from the page of a place, changed, closed and opened again on a page of their own."""

from checker.web.planning.views import bp

__all__ = ["bp"]
