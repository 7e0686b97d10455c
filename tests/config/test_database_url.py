"""DATABASE_URL is read rightly, and the same tests run on the server it names."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.database import cluster, databases
from config.database.url import parse_database_url

ROOT = Path(__file__).resolve().parents[2]


def test_address_in_full() -> None:
    found = parse_database_url("postgres://ann:p%40ss@db.test:5433/gem?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("gem", "ann", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.test", "5433")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_socket_directory_as_host() -> None:
    found = parse_database_url("postgresql:///gem?host=/run/postgresql")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == (
        "/run/postgresql",
        "",
        {},
    )


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("mysql://ann:secret@db.test/gem", "must start with postgres://"),
        ("postgres://ann:secret@db.test", "must end with the name"),
        ("postgres://ann:secret@db.test:port/gem", "must have a number as its port"),
    ],
)
def test_faulty_address_is_named_without_its_password(address: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as caught:
        parse_database_url(address)
    assert "secret" not in str(caught.value)


def test_named_server_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ann@db.test/gem")
    default = databases(data_dir=tmp_path)["default"]
    assert default["ENGINE"] == "django.db.backends.postgresql"

    monkeypatch.delenv("DATABASE_URL")
    default = databases(data_dir=tmp_path)["default"]
    assert default["ENGINE"] == "config.database.embedded"
    with pytest.raises(ValueError, match="DATABASE_URL is not set"):
        databases(data_dir=None)


@pytest.fixture
def server_url(tmp_path: Path) -> Iterator[str]:
    """A server on a loopback port, as if it were run by someone else."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data_dir = tmp_path / "named"
    cluster.start(
        data_dir,
        throwaway=True,
        options=f"-c listen_addresses=127.0.0.1 -c port={port}",
    )
    yield f"postgres://{cluster.ROLE}@127.0.0.1:{port}/postgres"
    cluster.stop(data_dir)


def test_small_suite_passes_on_a_named_server(server_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/config/test_connection.py"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": server_url},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
