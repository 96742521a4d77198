"""The folder for what is kept for a while, for its owner's eyes alone: uploads, files being written."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from checker.config import Settings
from checker.jobs.files import PRIVATE


def private_folder() -> Path:
    """The folder, made when it is missing."""
    settings: Settings = current_app.extensions["checker.settings"]
    folder = settings.instance / PRIVATE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
