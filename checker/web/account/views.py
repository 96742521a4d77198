"""Pages of one's own account."""

from __future__ import annotations

import hashlib

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from checker.access import home_for
from checker.actions.change_account import change_account
from checker.actions.set_password import accept_invitation, change_own_password, link_is_over
from checker.actions.sign_in import check_password
from checker.actions.sign_out import end_session
from checker.config import Settings
from checker.passwords import Passwords
from checker.problem import Problem
from checker.standards.faults import N_, Refused
from checker.store import invitations, sessions
from checker.store import settings as kept
from checker.store.people import Person
from checker.tokens import token_hash
from checker.web.account.devices import device
from checker.web.account.forms import AccountForm, ChangePasswordForm, NewPasswordForm, SignInForm
from checker.web.clock import now, timestamp
from checker.web.language import NAMES
from checker.web.limits import limit_of, limiter
from checker.web.problems import faults_by_place, words_of
from checker.web.session import (
    device_token,
    drop_session,
    me,
    path_within,
    signed_in,
    start_session,
    wants_json,
)
from checker.web.store import current_store

bp = Blueprint("account", __name__)
bp.add_app_template_filter(device)

Answer = str | AnyResponse | tuple[str, int]


def passwords() -> Passwords:
    """How this application keeps passwords."""
    kept: Passwords = current_app.extensions["checker.passwords"]
    return kept


def settings() -> Settings:
    """The settings of this application."""
    held: Settings = current_app.extensions["checker.settings"]
    return held


# --- signing in and out -------------------------------------------------------------------------------------


@bp.get("/login")
def sign_in() -> Answer:
    """The page to sign in on."""
    if g.person is not None:
        return redirect(path_within(request.args.get("next")) or home_for(g.person), 303)
    form = SignInForm(next=path_within(request.args.get("next")) or "")
    return sign_in_page(form)


def sign_in_page(form: SignInForm) -> str:
    """The page with the form as it is; a demonstration says who can be tried."""
    return render_template(
        "account/login.html", form=form, demo_logins=kept.get(current_store(), "demo_logins", [])
    )


def account_tried() -> str:
    """Stands for the account being tried, in the counts; not the address itself, which is personal."""
    return hashlib.sha256(request.form.get("email", "").strip().casefold().encode()).hexdigest()


@bp.post("/login")
@limiter.limit(lambda: limit_of("tries_per_address"))
@limiter.limit(lambda: limit_of("tries_per_account"), key_func=account_tried)
def begin() -> Answer:
    """Sign in, and go on to where the person wanted to be; a script gets `{next, person}` or a problem."""
    form = SignInForm(request.form)
    if not form.validate():
        if wants_json():
            text = N_("Give your e-mail address and your password.")
            raise Problem("sign_in.incomplete", 422, text)
        return sign_in_page(form), 422
    try:
        person = check_password(
            current_store(), email=form.email.data, password=form.password.data, passwords=passwords()
        )
    except Problem as problem:
        current_app.logger.warning("A sign-in from %s was refused", request.remote_addr)
        if wants_json():
            raise
        form.password.errors = [words_of(problem.text, problem.details)]
        return sign_in_page(form), problem.status
    onward = path_within(form.next.data) or home_for(person)
    response: AnyResponse = redirect(onward, 303)
    if wants_json():
        response = jsonify(next=onward, person=who(person))
    start_session(person, response)
    return response


def who(person: Person) -> dict[str, str]:
    """What a script may know of the person who is signed in."""
    return {"name": person.name, "role": person.role, "language": person.language}


@bp.post("/logout")
@signed_in()
def sign_out() -> Answer:
    """Sign out on this device."""
    end_session(current_store(), g.session["token_hash"], person_id=me().id, now=now())
    response = redirect("/login", 303)
    drop_session(response)
    return response


@bp.get("/session")
def session_state() -> Response:
    """For scripts: who is signed in here, and a form token that counts now."""
    known = None if g.person is None else who(g.person)
    return jsonify(person=known, csrf_token=generate_csrf())


# --- setting a password by a one-time link ------------------------------------------------------------------


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> Answer:
    """Set a password by a one-time link; looking at the page does not use the link up."""
    held = invitations.find(current_store(), token_hash(token), now=timestamp())
    if held is None:
        raise link_is_over()
    form = NewPasswordForm()
    if request.method == "POST" and form.validate():
        try:
            accept_invitation(
                current_store(), token=token, password=form.password.data, passwords=passwords(), now=now()
            )
        except Refused as refused:
            show_faults(form, refused)
        else:
            flash(_("Your password is set. Sign in with it."), "good")
            return redirect("/login", 303)
    status = 422 if request.method == "POST" else 200
    return render_template(
        "account/welcome.html", form=form, name=held["name"], email=held["email"], least=passwords().least
    ), status


# --- one's own account --------------------------------------------------------------------------------------


@bp.get("/account")
@signed_in()
def account() -> Answer:
    """Name, language, password, devices."""
    return account_page(
        AccountForm(formdata=None, name=me().name, language=me().language), ChangePasswordForm(formdata=None)
    )


def account_page(form: AccountForm, password_form: ChangePasswordForm) -> str:
    """The whole page, with the forms as they are."""
    form.language.choices = language_choices()
    return render_template(
        "account/account.html",
        form=form,
        password_form=password_form,
        sessions=sessions.list_of(current_store(), me().id, now=timestamp()),
        this_session=g.session["token_hash"],
        zone=settings().zone,
        least=passwords().least,
    )


def language_choices() -> list[tuple[str, str]]:
    """The languages pages speak, each in its own words, and the person's own whatever it is."""
    codes = dict.fromkeys([*current_app.extensions["checker.languages"], me().language])
    return [(code, NAMES[code]) for code in codes]


@bp.post("/account")
@signed_in()
def change() -> Answer:
    """Change name and language."""
    form = AccountForm()
    form.language.choices = language_choices()
    if form.validate():
        try:
            change_account(
                current_store(),
                person_id=me().id,
                name=form.name.data,
                language=form.language.data,
                now=now(),
            )
        except Refused as refused:
            show_faults(form, refused)
        else:
            return redirect("/account", 303)
    return account_page(form, ChangePasswordForm(formdata=None)), 422


@bp.post("/account/password")
@limiter.limit(
    lambda: limit_of("tries_per_account"), key_func=lambda: f"own {g.person.id if g.person else 0}"
)
@signed_in()
def change_password() -> Answer:
    """Change the password; every other device is signed out. This one gets a new session, or is a tablet."""
    form = ChangePasswordForm()
    if form.validate():
        try:
            change_own_password(
                current_store(),
                person_id=me().id,
                old=form.old.data,
                password=form.password.data,
                passwords=passwords(),
                now=now(),
            )
        except Refused as refused:
            show_faults(form, refused)
        else:
            response = redirect("/account", 303)
            if me().role == "shopper" and device_token() is not None:
                return sign_in_anew()
            start_session(me(), response)
            flash(_("Your new password counts. Every other device was signed out."), "good")
            return response
    return account_page(AccountForm(formdata=None, name=me().name, language=me().language), form), 422


def sign_in_anew() -> AnyResponse:
    """Ask for the new password at once: what a tablet keeps opens with it only after such a sign-in."""
    response = redirect("/login", 303)
    drop_session(response)
    flash(_("Your password is set. Sign in with it."), "good")
    return response


@bp.post("/account/sessions/<key>/end")
@signed_in()
def end_other(key: str) -> Answer:
    """Sign another device of one's own out."""
    try:
        hashed = bytes.fromhex(key)
    except ValueError:
        abort(404)
    if not end_session(current_store(), hashed, person_id=me().id, now=now()):
        abort(404)
    if hashed == g.session["token_hash"]:
        response = redirect("/login", 303)
        drop_session(response)
        return response
    flash(_("That device is signed out."), "good")
    return redirect("/account", 303)


def show_faults(form: FlaskForm, refused: Refused) -> None:
    """Put each fault beside the field it concerns."""
    for place, words in faults_by_place(refused.faults).items():
        form[place].errors = [*form[place].errors, *words]
