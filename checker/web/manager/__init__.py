"""The manager's pages: a branch's month, an employee's progress, a visit with its explanation."""

from checker.web.manager import photos, views
from checker.web.manager.views import bp

__all__ = ["bp", "photos", "views"]
