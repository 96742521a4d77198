"""backup and restore on the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from checker.cli import group
from tests.making_store import shop


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(group(), ["--instance", str(folder), *words])


def test_a_backup_and_back_again(tmp_path: Path) -> None:
    folder, kept = tmp_path / "instance", tmp_path / "kept.zip"
    folder.mkdir()
    with shop(folder) as made:
        made.send()
    (folder / "secret_key").write_text("k" * 64)
    done = run(folder, "backup", str(kept))
    assert done.exit_code == 0
    assert done.stdout.startswith(f"{kept}: 1 visits, 2 files, ")
    refused = run(folder, "restore", str(kept))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "--force" in refused.stderr
    restored = run(folder, "restore", str(kept), "--force")
    assert restored.exit_code == 0
    assert "1 visits as of 20" in restored.stdout
    assert "What was there before is in" in restored.stdout
    assert run(folder, "verify").exit_code == 0


def test_where_there_is_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "backup", str(tmp_path / "kept.zip")).exit_code == 1
    assert run(tmp_path, "restore", str(tmp_path / "none.zip")).exit_code == 1
    assert run(tmp_path, "restore").exit_code == 2
