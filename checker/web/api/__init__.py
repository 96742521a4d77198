"""The API for programs (design §9): visits in, visits and scores out, told by one OpenAPI document."""

from checker.web.api import actions, document, places, scores, visits
from checker.web.api.operations import bp

__all__ = ["actions", "bp", "document", "places", "scores", "visits"]
