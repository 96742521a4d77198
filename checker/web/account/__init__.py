"""One's own account: sign in and out, set a password, name, language, devices."""

from checker.web.account.views import bp

__all__ = ["bp"]
