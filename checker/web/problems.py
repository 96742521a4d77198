"""The one place where a refusal becomes a page or a problem document, in the person's language."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from checker.problem import Problem
from checker.standards.faults import N_, Fault, Refused
from checker.web.clock import timestamp
from checker.web.limits import limiter
from checker.web.session import wants_json
from checker.web.written import written

WORDS = {
    400: N_("This request could not be read. Go back, reload the page and try again."),
    401: N_("Sign in first."),
    403: N_("This is not yours to do."),
    404: N_("There is no such page, or it is not for you. Check the address, or start from the first page."),
    405: N_("This address does not take such a request."),
    408: N_("The request took too long to arrive. Try again."),
    413: N_("This is too large. Send less at once, or a smaller file."),
    415: N_("This kind of content is not taken here."),
    429: N_("Too many tries. Wait %(minutes)s minutes, then try again."),
    500: N_(
        "Something went wrong here. Try again; if it stays, tell your administrator the number %(number)s."
    ),
    503: N_("Checker is busy. Nothing was stored; try again in a moment."),
}

LOST = ("session.over", "request.form_expired")
"""Refusals after which no form comes back with what was typed."""


def init_app(app: Flask) -> None:
    """Answer our own refusals and Flask's in the same form."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(Refused, answer_refused)
    app.register_error_handler(CSRFError, answer_expired_form)
    app.register_error_handler(HTTPException, answer_http)

    @app.template_filter("fault_words")
    def words_of_fault(fault: Fault) -> str:
        return fault_words(fault)


def words_of(text: str, details: Any) -> str:
    """A msgid in the person's language, its placeholders filled."""
    words = str(gettext(text))
    return words % details if details else words


def fault_words(fault: Fault) -> str:
    """What a fault says, in the person's language, without its place."""
    return words_of(fault.text, fault.details)


def faults_by_place(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """Words of faults under the field they concern, for a form that shows each beside its field."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.place, []).append(fault_words(fault))
    return found


def answer(problem: Problem) -> Response:
    """The page or document for a problem."""
    if problem.status >= 500:
        current_app.logger.error("%s: %s", problem.code, problem)
    if wants_json():
        response = jsonify(document(problem))
        response.mimetype = "application/problem+json"
    else:
        words = words_of(problem.text, problem.details)
        lost = written() if problem.code in LOST else ()
        page = render_template("problem.html", problem=problem, words=words, written=lost)
        response = current_app.make_response(page)
    response.status_code = problem.status
    if problem.status == 503:
        response.headers["Retry-After"] = "5"
    return response


def document(problem: Problem) -> dict[str, object]:
    """A problem as RFC 9457 has it, with our stable `code` and every fault."""
    try:
        title = HTTPStatus(problem.status).phrase
    except ValueError:
        title = "Problem"
    body: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": problem.status,
        "code": problem.code,
        "detail": words_of(problem.text, problem.details),
    }
    if problem.faults:
        body["faults"] = [
            {"item": fault.place, "code": fault.code, "text": fault_words(fault)} for fault in problem.faults
        ]
    return body


def answer_refused(refused: Refused) -> Response:
    """The answer for something refused whole, with every fault."""
    text = N_("This cannot be taken as it is. Nothing was stored; put right what is named and send it again.")
    return answer(Problem("refused", 422, text, faults=refused.faults))


def answer_expired_form(error: CSRFError) -> Response:
    """The answer for a form whose token is missing or from another session."""
    text = N_("This form is no longer valid. Go back, reload the page and send it again; nothing was stored.")
    return answer(Problem("request.form_expired", 400, text))


def answer_http(error: HTTPException) -> Response:
    """The answer for what Flask refuses, and for our own mistakes: those get a number, also in the log."""
    status = error.code or 500
    details: dict[str, object] = {}
    if status < 400:  # a redirect
        return current_app.make_response(error.get_response())
    if status == 500:
        details["number"] = secrets.token_hex(4)
        current_app.logger.error("Problem number %s was shown for %s", details["number"], request.path)
    if status == 429:
        wait_s = seconds_to_wait(error)
        details["minutes"] = -(-wait_s // 60)
    response = answer(Problem(f"http.{status}", status, WORDS.get(status, WORDS[400]), details))
    if status == 429:
        response.headers["Retry-After"] = str(wait_s)
    if status == 405 and error.get_headers():
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def seconds_to_wait(error: HTTPException) -> int:
    """How long until a limit lets the next try through."""
    held = limiter.current_limit
    if isinstance(error, RateLimitExceeded) and held is not None:
        return max(1, held.reset_at - 1 - timestamp())  # the library names the second after
    return 60
