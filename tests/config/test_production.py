"""Production refuses to start half configured, and is safe when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "DATABASE_URL": "postgres://gem@127.0.0.1:1/gem",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "gem.example.nl",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # Other tests set Django's own variables; a real machine has none of them.
    clean = {
        k: v
        for k, v in os.environ.items()
        if k not in COMPLETE and not k.startswith("DJANGO_")
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_missing_value_is_named_and_ends_with_status_2(missing: str) -> None:
    rest = {k: v for k, v in COMPLETE.items() if k != missing}
    done = manage("check", DJANGO_SETTINGS_MODULE="config.settings.production", **rest)
    assert done.returncode == 2
    assert f"{missing} is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_number_of_proxies_that_is_none_is_named() -> None:
    done = manage(
        "check",
        DJANGO_SETTINGS_MODULE="config.settings.production",
        GEM_TRUSTED_PROXIES="-1",
        **COMPLETE,
    )
    assert done.returncode == 2
    assert "GEM_TRUSTED_PROXIES is '-1'" in done.stderr


@pytest.mark.parametrize(
    ("said", "counted"), [({}, 1), ({"GEM_TRUSTED_PROXIES": "3"}, 3)]
)
def test_one_proxy_is_trusted_unless_another_number_is_said(
    said: dict[str, str], counted: int
) -> None:
    done = manage(
        "diffsettings",
        DJANGO_SETTINGS_MODULE="config.settings.production",
        **said,
        **COMPLETE,
    )
    assert f"ALLAUTH_TRUSTED_PROXY_COUNT = {counted}" in done.stdout


def test_complete_settings_pass_djangos_deployment_checks() -> None:
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        DJANGO_SETTINGS_MODULE="config.settings.production",
        **COMPLETE,
    )
    assert done.returncode == 0, done.stderr


def test_a_command_without_queries_starts_no_server(tmp_path: Path) -> None:
    done = manage(
        "check",
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        GEM_VAR_DIR=str(tmp_path / "var"),
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == ["secret-key"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600
