"""Leadership's pages: the network's and a region's month, and the reports."""

from checker.web.leadership import data, editions, orders, reports, views
from checker.web.leadership.room import bp

__all__ = ["bp", "data", "editions", "orders", "reports", "views"]
