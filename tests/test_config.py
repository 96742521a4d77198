"""Settings: where they come from, and what is said when one cannot be used."""

from __future__ import annotations

from dataclasses import fields

import pytest

from checker.config import Settings, load
from checker.problem import Problem


def test_every_setting_has_a_default_and_a_line_of_meaning():
    for entry in fields(Settings):
        if entry.name != "instance":
            assert entry.metadata["meaning"].endswith("."), entry.name


def test_an_argument_counts_before_the_environment_before_the_file_before_the_default(tmp_path):
    assert load(tmp_path, {}).upload_mb == 16
    (tmp_path / "config.toml").write_text("upload_mb = 20\n")
    assert load(tmp_path, {}).upload_mb == 20
    environ = {"CHECKER_UPLOAD_MB": "30"}
    assert load(tmp_path, environ).upload_mb == 30
    assert load(tmp_path, environ, upload_mb=40).upload_mb == 40


def test_the_instance_comes_from_the_environment_too(tmp_path):
    assert load(environ={"CHECKER_INSTANCE": str(tmp_path)}).database_path == tmp_path / "checker.sqlite"


def test_each_kind_of_value_is_read(tmp_path):
    (tmp_path / "config.toml").write_text('trusted_hosts = ["a.example", "b.example"]\nhttps = true\n')
    settings = load(tmp_path, {})
    assert (settings.trusted_hosts, settings.https) == (("a.example", "b.example"), True)
    words = {"CHECKER_TRUSTED_HOSTS": "c.example, d.example", "CHECKER_HTTPS": "off", "CHECKER_ZONE": "UTC"}
    settings = load(tmp_path, words)
    assert (settings.trusted_hosts, settings.https) == (("c.example", "d.example"), False)


@pytest.mark.parametrize(
    ("file", "environ", "code"),
    [
        ("colour = 1", {}, "settings.unknown"),
        ("upload_mb = true", {}, "settings.wrong"),
        ('upload_mb = "16"', {}, "settings.wrong"),
        ("upload_mb = ", {}, "settings.wrong"),
        ("trusted_hosts = [1]", {}, "settings.wrong"),
        ('instance = "/tmp"', {}, "settings.unknown"),
        ("", {"CHECKER_UPLOAD_MB": "many"}, "settings.wrong"),
        ("", {"CHECKER_HTTPS": "maybe"}, "settings.wrong"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path, file, environ, code):
    (tmp_path / "config.toml").write_text(file)
    with pytest.raises(Problem) as refused:
        load(tmp_path, environ)
    assert refused.value.code == code
    assert "config.toml" in str(refused.value) or "CHECKER_" in str(refused.value)
