"""`demo_region`: a made-up region of believable size, with its week half full."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone, translation

from audit.actor import Actor, scene
from courses.services.region import Demo, load_lines, make_demo, write_lines
from people.enums import Role
from people.selectors import organisations
from publishing.demo import (
    Account,
    ask_consultations,
    cancel_some,
    make_accounts,
    write_logins,
    write_reasons,
)
from publishing.services.calendar import mirror_series

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Load an invented region: real towns, invented houses and people, series half "
        "way, people waiting, and an account for each role."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1, help="0.1 to 10")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--week", help="Like 2026-W48; this week when left out.")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Do nothing where there is a region already.",
        )
        parser.add_argument(
            "--as-files",
            metavar="FOLDER",
            help="Write the region as CSV files for import_region; load nothing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        monday = monday_of(options["week"])
        if options["as_files"]:
            folder = Path(options["as_files"])
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise refused(f"{folder} is not an empty folder: choose another.")
            write_lines(tables=self._make(options, monday).tables, folder=folder)
            self.stdout.write(f"The region is in {folder}: import_region {folder}")
            return
        if not settings.DEMO_DATA_ALLOWED:
            raise refused("Demo data are not loaded under production settings.")
        if organisations().exists():
            if options["if_empty"]:
                self.stdout.write("There is a region already; nothing was changed.")
                return
            raise refused(
                "There is a region already: the demo needs an empty database."
            )
        with scene("demo_region"), translation.override("nl"):
            self._load(self._make(options, monday), monday)

    def _make(self, options: dict[str, Any], monday: date) -> Demo:
        try:
            return make_demo(
                scale=options["scale"], seed=options["seed"], monday=monday
            )
        except ValueError as error:
            raise refused(f"--scale: {error}.") from error

    def _load(self, demo: Demo, monday: date) -> None:
        actor = Actor.system("demo_region")
        with transaction.atomic():
            outcome = load_lines(tables=demo.tables, actor=actor)
            accounts = make_accounts(actor=actor, demo=demo)
            by_role = {one.role: one.user for one in accounts}
            write_reasons(demo=demo, coordinator=by_role[Role.COORDINATOR])
            ask_consultations(demo=demo, referrer=by_role[Role.REFERRER], monday=monday)
            cancel_some(demo=demo, coordinator=by_role[Role.COORDINATOR])
            mirror_series(series_ids=outcome.series_ids)
        write_logins(accounts)
        for name, count in outcome.counts.items():
            self.stdout.write(f"{name}: {count.added}")
        self._tell(accounts)

    def _tell(self, accounts: list[Account]) -> None:
        self.stdout.write(
            f"{len(accounts)} accounts; their passwords are in "
            f"{settings.VAR_DIR / 'demo-logins.json'}"
        )


def monday_of(week: str | None) -> date:
    """The Monday of a week like 2026-W48, or of this week."""
    if week is None:
        today = timezone.localdate()
        return today - timedelta(days=today.weekday())
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if found is None:
            raise ValueError(week)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise refused(f"“{week}” is not a week: write it like 2026-W48.") from error


def refused(message: str) -> CommandError:
    """Bad input: one line, exit status 2."""
    return CommandError(message, returncode=BAD_INPUT)
