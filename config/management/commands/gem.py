"""`gem`: the small installation on one machine, ready to look at.

Demo region, this week planned and published, the site on a loopback port and its two
workers, in one command; Ctrl-C ends it all, the private database included.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.demo import DemoLogin, current_code, give_agenda, give_second_factors
from config.supervisor import Supervisor

HOST = "127.0.0.1"
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
WORKERS = {
    "The worker for plans": ("--queues=planning", "--concurrency=2"),
    "The worker for what cannot wait": ("--queues=soon", "--concurrency=2"),
    "The worker for the rest": ("--queues=care", "--concurrency=4"),
}
"""A plan may take an hour and a processor, and a round as long as a mail server keeps
silent: what somebody waits for has its own program.
"""


class Command(BaseCommand):
    help = "Load the demo region once, plan and publish this week, and serve the site."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=float, default=1)
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--seconds", type=int, default=60)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_DATA_ALLOWED:
            raise CommandError(
                "The demo does not run under production settings.", returncode=2
            )
        port = options["port"]
        self._refuse_busy_port(port)
        # Asked to end while a step runs: end that step too, and the database.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            logins, feed = self._prepare(options, f"http://{HOST}:{port}")
        except KeyboardInterrupt as error:
            raise CommandError("Stopped.", returncode=130) from error

        supervisor = Supervisor()
        self._serve(supervisor, port)
        if not supervisor.asked_to_stop:
            self._tell(port, logins, feed)
        sys.exit(supervisor.run())

    def _prepare(
        self, options: dict[str, Any], site: str
    ) -> tuple[list[DemoLogin], str]:
        """Everything up to a published week; the logins and a feed address."""
        # Held until the end: the steps below share one running database.
        connection.ensure_connection()
        week = current_week()
        scale = f"{options['scale']:g}"
        self._step("Preparing the database", "migrate", "--verbosity=0")
        self._step(
            "Loading the demo region (once)",
            *("demo_region", "--scale", scale, "--seed", str(options["seed"])),
            "--if-empty",
        )
        self._step(
            f"Planning and publishing {week}",
            *("plan_week", "--week", week, "--publish", "--if-unpublished"),
            # A whole week to look at, also for who begins on a Friday.
            *("--as-of", day_before(week), "--seconds", str(options["seconds"])),
        )
        logins = give_second_factors()
        agenda = give_agenda()
        connection.close()
        return logins, f"{site}{agenda}" if agenda else ""

    def _refuse_busy_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is in use. Choose another: python manage.py gem"
                    f" --port {port + 1}",
                    returncode=2,
                ) from error

    def _step(self, words: str, *arguments: str) -> None:
        self.stdout.write(f"{words} ...")
        self.stdout.flush()
        # A program of its own: the solver's memory is free again when it ends.
        done = subprocess.run([*MANAGE, *arguments], check=False)  # noqa: S603
        if done.returncode:
            raise CommandError(
                f"This step failed: manage.py {' '.join(arguments)}",
                returncode=done.returncode,
            )

    def _serve(self, supervisor: Supervisor, port: int) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        }
        web = [sys.executable, "-m", "gunicorn", "config.wsgi:application"]
        web += ["--bind", f"{HOST}:{port}", "--workers=1", "--threads=8"]
        web += ["--graceful-timeout=5", "--log-level=warning"]
        supervisor.start("The site", web, environment=environment)
        for name, takes in WORKERS.items():
            worker = [*MANAGE, "procrastinate", "worker", *takes]
            worker += ["--shutdown-graceful-timeout=5"]
            supervisor.start(name, worker, environment=environment)
        try:
            wait_for(f"http://{HOST}:{port}{reverse('account_login')}", supervisor)
        except BaseException:
            supervisor.stop()
            raise

    def _tell(self, port: int, logins: list[DemoLogin], feed: str) -> None:
        write = self.stdout.write
        write(f"\nGEM-planner is ready: http://{HOST}:{port}/\n")
        write("Demo accounts (invented people):")
        for login in logins:
            code = current_code(login)
            write(
                f"  {login.role:24} {login.email:36} {login.password}"
                + (f"  code {code}" if code else "")
            )
        write("Codes change every 30 seconds; new ones: make codes")
        if feed:
            write(f"\nAgenda of a facilitator, for any calendar program:\n  {feed}")
        write("\nCtrl-C stops everything.")
        self.stdout.flush()


def current_week() -> str:
    """This week in Amsterdam, as ISO 8601 writes it: 2026-W49."""
    year, week, _ = timezone.localdate().isocalendar()
    return f"{year}-W{week:02d}"


def day_before(week: str) -> str:
    """The Sunday before a week, as ISO 8601 writes it: 2026-11-29."""
    year, _dash, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return (monday - timedelta(days=1)).isoformat()


def wait_for(address: str, supervisor: Supervisor, *, seconds: float = 60) -> None:
    """Return when the site answers; CommandError when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not supervisor.asked_to_stop:
        if any(child.poll() is not None for child in supervisor.children.values()):
            raise CommandError("The site or a worker did not start; see above.")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 (loopback)
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    if supervisor.asked_to_stop:
        return
    raise CommandError(f"{address} did not answer within {seconds:.0f} seconds.")
