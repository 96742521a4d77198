"""What somebody wrote and could not send: shown to them again, because a browser does not keep it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

WORTH_KEEPING = 20
"""Letters from which a text would be missed; it has a blank in it, or it is a key of ours."""


def written() -> tuple[str, ...]:
    """The longer texts of the form being sent, from a page of ours only; never from forms with passwords."""
    if not came_from_here() or request.blueprint == "account":
        return ()
    values = (value for _name, value in request.form.items(multi=True))
    return tuple(one for one in values if len(one) >= WORTH_KEEPING and len(one.split()) > 1)


def came_from_here() -> bool:
    """Whether a page of ours sent this: another site shall not let its own words stand on our page."""
    return urlsplit(request.origin or request.referrer or "").netloc == request.host
