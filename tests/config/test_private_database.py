"""The private server outlives no program, survives killed ones, and is shared."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from config.database import cluster
from config.database.server import sweep_throwaways

ROOT = Path(__file__).resolve().parents[2]

# Joins the server of argv[1], tells the server's pid, and ends with its input.
PROGRAM = """
import sys
from pathlib import Path
import psycopg
from config.database import cluster
from config.database.server import sweep_throwaways
from config.database.server import private_server
server = private_server(data_dir=sys.argv[1], throwaway=False)
address = server.ensure_running()
with psycopg.connect(
    host=address.host, port=address.port, user=address.user, dbname="gem"
) as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
print(cluster.running_pid(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


class Program:
    """A running program that uses the private server."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(data_dir)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.server_pid = int(self.process.stdout.readline() or 0)

    def end(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    # pytest's own temporary folders are long and closed to others: two traps in one.
    folder = tmp_path / "data"
    yield folder
    cluster.stop(folder)


@pytest.fixture
def program(data_dir: Path) -> Iterator[Callable[[], Program]]:
    started: list[Program] = []

    def start() -> Program:
        started.append(Program(data_dir))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def test_first_program_starts_the_server_and_last_one_stops_it(
    program: Callable[[], Program], data_dir: Path
) -> None:
    first = program()
    second = program()
    assert first.server_pid == second.server_pid > 0

    first.end()
    assert cluster.running_pid(data_dir) == second.server_pid
    second.end()
    assert cluster.running_pid(data_dir) is None


def test_killed_program_leaves_no_trouble(
    program: Callable[[], Program], data_dir: Path
) -> None:
    killed = program()
    killed.kill()
    assert cluster.running_pid(data_dir) == killed.server_pid

    following = program()
    assert following.server_pid == killed.server_pid
    following.end()
    assert cluster.running_pid(data_dir) is None


def test_programs_that_start_at_once_share_one_server(data_dir: Path) -> None:
    with ThreadPoolExecutor() as pool:
        programs = list(pool.map(lambda _: Program(data_dir), range(3)))
    assert len({one.server_pid for one in programs}) == 1
    for one in programs:
        one.end()
    assert cluster.running_pid(data_dir) is None


def test_server_of_a_killed_test_run_is_swept_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, running = (tmp_path / f"gem-test-{name}" for name in ("killed", "running"))
    program = Program(killed / "data")
    program.kill()
    other = Program(running / "data")

    sweep_throwaways()
    assert cluster.running_pid(killed / "data") is None
    assert not killed.exists()
    assert cluster.running_pid(running / "data") == other.server_pid
    other.end()


def test_killed_server_and_recycled_pid_are_cleared_away(
    program: Callable[[], Program], data_dir: Path
) -> None:
    program().end()
    # After a crash the number in the pid file may belong to any other program.
    stale = data_dir / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{data_dir}\n0\n5432\n\n\n\nready\n")
    assert cluster.running_pid(data_dir) is None

    following = program()
    assert following.server_pid not in {0, os.getpid()}
    following.end()


def test_half_made_cluster_is_made_again(
    program: Callable[[], Program], data_dir: Path
) -> None:
    half = data_dir.with_name("data.new")
    half.mkdir(parents=True)
    (half / "left-over").write_text("killed in initdb")
    data_dir.mkdir()

    following = program()
    assert following.server_pid > 0
    following.end()


def test_data_survive_a_stop(program: Callable[[], Program], data_dir: Path) -> None:
    program().end()
    before = (data_dir / "global" / "pg_control").stat().st_ino
    program().end()
    assert (data_dir / "global" / "pg_control").stat().st_ino == before


def test_a_home_closed_to_others_stays_closed(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root in /root: another account runs the server, and may not enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wheel = cluster.programs().parent.parent
    # Its libraries lie beside the package (RPATH), so both are taken along.
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, closed / folder.name, copy_function=shutil.copy2)
    monkeypatch.setattr(
        cluster, "programs", lambda: closed / wheel.name / "pginstall" / "bin"
    )
    cluster.start(data_dir)
    pid = cluster.running_pid(data_dir)
    assert pid is not None
    server = psutil.Process(pid)
    assert str(closed) in server.cmdline()[0]
    assert server.uids().effective != 0
    assert closed.stat().st_mode & 0o777 == 0o700
    may = next(
        int(line.split()[1], 16)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("CapEff")
    )
    dac_read_search = 1 << 2  # linux/capability.h
    assert may & ~dac_read_search == 0


def test_socket_path_fits_whatever_the_checkout_is_called(tmp_path: Path) -> None:
    short = cluster.socket_directory(Path("/srv/gem/var/postgres"))
    assert short == Path("/srv/gem/var/postgres.socket")

    long = cluster.socket_directory(tmp_path / ("a" * 120) / "postgres")
    assert len(os.fsencode(long / ".s.PGSQL.5432.lock")) <= 107
    other = cluster.socket_directory(tmp_path / ("b" * 120) / "postgres")
    assert other != long


def test_server_that_cannot_start_says_why(
    program: Callable[[], Program], data_dir: Path
) -> None:
    program().end()
    (data_dir / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(cluster.ServerError, match="no_such_setting"):
        cluster.start(data_dir)
