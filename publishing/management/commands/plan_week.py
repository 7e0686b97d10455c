"""`plan_week`: plan one week from the rows, and publish it when asked to."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actor import Actor, scene
from publishing.services.release import ReleaseRefused, release
from scheduling.enums import RunKind
from scheduling.selectors import published_schedule
from scheduling.services.runs import perform_run, start_run

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


class Command(BaseCommand):
    help = "Plan a week such as 2026-W49; with --publish it is released at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", required=True)
        parser.add_argument("--publish", action="store_true")
        parser.add_argument(
            "--if-unpublished",
            action="store_true",
            help="Do nothing when the week has been published before.",
        )
        parser.add_argument("--seconds", type=int, default=60)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        monday = monday_of(options["week"])
        if options["if_unpublished"] and published_schedule(
            kind=RunKind.WEEK, first_date=monday
        ):
            self.stdout.write(f"{options['week']} has been published already.")
            return
        with scene("plan_week"):
            self._plan(monday, options)

    def _plan(self, monday: date, options: dict[str, Any]) -> None:
        actor = Actor.system("plan_week")
        try:
            run = start_run(
                actor=actor,
                user=None,
                kind=RunKind.WEEK,
                first_date=monday,
                last_date=monday + timedelta(days=6),
                seconds=options["seconds"],
                workers=options["workers"],
                seed=options["seed"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        schedule = perform_run(run_id=run.pk)
        if schedule is None:
            run.refresh_from_db()
            raise CommandError(f"No plan was made: {run.fault}", returncode=2)
        figures = schedule.figures
        gap = figures["gap"]
        self.stdout.write(
            f"{options['week']}: {figures['seated']} of {figures['asking']} seated, "
            f"{figures['held']} of {figures['series']} series held, "
            f"gap {'unknown' if gap is None else f'{100 * gap:.2f} %'}."
        )
        if options["publish"]:
            try:
                done = release(actor=actor, user=None, schedule=schedule)
            except ReleaseRefused as error:
                raise CommandError(
                    f"The week was planned and not published: {error.why}"
                    f" {_breaches(error)}",
                    returncode=1,
                ) from error
            self.stdout.write(f"Published, with {len(done.changes)} changes.")


def monday_of(week: str) -> date:
    """Monday of an ISO week; ``CommandError`` with status 2 when there is none."""
    found = _WEEK.fullmatch(week)
    try:
        if found is None:
            raise ValueError(week)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise CommandError(
            f"{week!r} is not a week. Write it as 2026-W49.", returncode=2
        ) from error


def _breaches(error: ReleaseRefused) -> str:
    if error.preview is None:
        return error.constraint
    return ", ".join(
        [
            *error.preview.changed_meanwhile,
            *(one.rule for one in error.preview.breaches),
        ]
    )
