"""Forms of the account pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

LONGEST = 256


class SignInForm(FlaskForm):
    """Who is it?"""

    email = EmailField(
        _l("E-mail address"),
        [DataRequired(_l("Type your e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _l("Password"),
        [DataRequired(_l("Type your password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class NewPasswordForm(FlaskForm):
    """A password, typed twice."""

    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Type a password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same again"),
        [EqualTo("password", _l("The two are not the same. Type both again."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the old one as proof."""

    old = PasswordField(
        _l("Present password"),
        [DataRequired(_l("Type your present password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class AccountForm(FlaskForm):
    """Name and language."""

    name = StringField(
        _l("Name"),
        [DataRequired(_l("Type your name.")), Length(max=200)],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(_l("Language"))
