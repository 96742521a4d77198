"""The API's document, for tools that read it from a file; needs no database."""

from __future__ import annotations

import json

import click


@click.command("openapi")
def command() -> None:
    """Print the OpenAPI document of the API as JSON."""
    from checker.web.api.document import document  # a tenth of a second that no other command should pay

    click.echo(json.dumps(document(), ensure_ascii=False, indent=2))
