"""Pages, scripts and JSON travel compressed, except where their length could tell another site something."""

from __future__ import annotations

import gzip
import re

from flask import Flask, Response, request
from jinja2.ext import Extension

KINDS = {
    "text/html",
    "text/javascript",
    "application/json",
    "application/problem+json",
    "application/manifest+json",
}

LEAST = 1024
"""Shorter answers fit in a packet as they are."""

LEVEL = 6

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class WithoutIndentation(Extension):
    """Templates lose what stands before their lines; what is put into them keeps its own.

    No text that keeps its blanks (`pre`, `textarea`, an attribute) may span lines in a template.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template as it is read; each line keeps its number."""
        return INDENT.sub("", source)


def init_app(app: Flask) -> None:
    """Compress what is ready to be sent."""
    app.jinja_env.add_extension(WithoutIndentation)
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress a finished answer for whoever takes gzip; a short one goes to everybody as it is."""
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
        return response
    data = response.get_data()
    if len(data) < LEAST:
        return response
    response.vary.add("Accept-Encoding")
    if (
        not request.accept_encodings["gzip"]
        or not 200 <= response.status_code < 500
        or "Content-Encoding" in response.headers
        or "ETag" in response.headers
        or foreign()
    ):
        return response
    response.set_data(gzip.compress(data, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response


def foreign() -> bool:
    """Whether another site may have caused this request of somebody who is signed in.

    A page that repeats what its address says and holds a form token shrinks by a byte more when the two are
    alike (BREACH). To learn the token so, a site must make the reader's browser ask thousands of times while
    somebody watches the lengths. Browsers say who asks: such answers go as they are. Without a cookie there
    is no secret.
    """
    return bool(request.cookies) and request.headers.get("Sec-Fetch-Site") not in ("same-origin", "none")
