"""What a shopper's tablet asks for: contact, the day, sealed visits. Its pages come from its own store."""

from checker.web.tablet import contact, day, photos, shell, visits
from checker.web.tablet.room import bp

__all__ = ["bp", "contact", "day", "photos", "shell", "visits"]
