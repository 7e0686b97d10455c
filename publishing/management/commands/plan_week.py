"""`plan_week`: plan one week from the rows, and publish it when asked to."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.actor import Actor, scene
from publishing.rhythm import ZONE
from publishing.services.release import ReleaseRefused, release
from scheduling.enums import RunKind
from scheduling.messages import double_sentence, fault_words
from scheduling.selectors import pin_rows, published_schedule
from scheduling.services import clock
from scheduling.services.edits import StaleDraft
from scheduling.services.runs import perform_run, start_run

if TYPE_CHECKING:
    from scheduling.models import Schedule

BAD_INPUT = 2
_WEEK = re.compile(r"(20\d{2})-W(\d{2})", re.ASCII)


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
        parser.add_argument(
            "--as-of",
            type=moment_of,
            metavar="DAY",
            help="As if it were that day, such as 2026-11-29 (for invented data).",
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
        as_of = options["as_of"]
        standing = clock.standing_at(as_of) if as_of else nullcontext()
        with scene("plan_week"), standing:
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
            raise refused(" ".join(error.messages)) from error
        except StaleDraft as error:
            raise refused(
                "The week has a draft that was changed by hand, or chosen to mend "
                "it. Publish it on the pages, or throw it away there."
            ) from error
        schedule = perform_run(run_id=run.pk)
        if schedule is None:
            run.refresh_from_db()
            if run.found.get("kept_beside"):
                raise refused(
                    "The plan was made, and stands beside the draft: somebody changed "
                    "that draft meanwhile. Choose one of the two on the pages."
                )
            raise refused(f"No plan was made. {_why_not(run.fault)}")
        self.stdout.write(f"{options['week']}: {_outcome(schedule.figures)}")
        if options["publish"]:
            self._publish(actor, schedule)

    def _publish(self, actor: Actor, schedule: Schedule) -> None:
        try:
            done = release(actor=actor, user=None, schedule=schedule)
        except ReleaseRefused as error:
            raise CommandError(
                f"The week was planned, and not published. {_refusal(error)}",
                returncode=1,
            ) from error
        number = len(done.changes)
        self.stdout.write(
            f"Published, with {number} {'change' if number == 1 else 'changes'}."
        )


def refused(message: str) -> CommandError:
    """Bad input: one clear line, exit status 2."""
    return CommandError(message, returncode=BAD_INPUT)


def moment_of(day: str) -> datetime:
    """The beginning of a day; ``ArgumentTypeError`` when it is none."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), tzinfo=ZONE)
    except ValueError as error:
        raise ArgumentTypeError(
            f"{day!r} is not a day. Write it as 2026-11-29."
        ) from error


def _outcome(figures: Mapping[str, Any]) -> str:
    gap = figures["gap"]
    return (
        f"{figures['seated']} of {figures['asking']} seated, "
        f"{figures['held']} of {figures['series']} series held, "
        f"gap {'unknown' if gap is None else f'{100 * gap:.2f} %'}."
    )


def _why_not(fault: str) -> str:
    """What a failed run says: a sentence, and each pin or fault it names."""
    series_pins, seat_pins = pin_rows(idents=fault.split(", "))
    names = {f"pin{pin.pk}": f"pin of series {pin.series_id}" for pin in series_pins}
    names |= {
        f"seat{pin.pk}": f"seat of registration {pin.registration_id}"
        for pin in seat_pins
    }
    words = fault_words(fault, names)
    return " ".join([words.sentence, "; ".join(words.things)]).strip()


def monday_of(week: str) -> date:
    """Monday of an ISO week; ``CommandError`` with status 2 when there is none."""
    found = _WEEK.fullmatch(week)
    try:
        if found is None:
            raise ValueError(week)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise refused(f"{week!r} is not a week. Write it as 2026-W49.") from error


def _refusal(error: ReleaseRefused) -> str:
    """Why a release was refused, with what it names."""
    if error.why == "double":
        return double_sentence(error.constraint)
    seen = error.preview
    if seen is None:
        return "It is published already, or was dropped."
    if seen.changed_meanwhile:
        return f"Series changed meanwhile: {', '.join(seen.changed_meanwhile)}."
    return "Rules are broken: " + "; ".join(
        f"{one.rule} ({', '.join(' '.join(pair) for pair in one.about)})"
        for one in seen.breaches
    )
