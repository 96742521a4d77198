"""What a request carries, read whole and no further than is taken."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from checker.problem import Problem
from checker.standards.faults import N_


def read_bytes(most: int) -> bytes:
    """What was sent, at most so many bytes. Raises Problem "body.too_large" (413).

    One byte more is asked for: a stream of unknown length is cut in silence.
    """
    request.max_content_length = most + 1
    words = N_("This is too large; send at most %(kib)s KiB at once.")
    too_large = Problem("body.too_large", 413, words, {"kib": most // 1024})
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise too_large from error
    if len(data) > most:
        raise too_large
    return data
