"""`reconcile_calendar`: does django-scheduler's calendar show our sessions?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from publishing.services.calendar import differences, mirror_series


class Command(BaseCommand):
    help = "Compare the calendar with the sessions; exit status 1 when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="Write what differs anew."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for one in found:
            side = "only in the sessions" if one.in_sessions else "only in the calendar"
            self.stdout.write(f"{one.series_id} {one.start:%Y-%m-%d %H:%M}: {side}")
        if not found:
            self.stdout.write("Calendar and sessions agree.")
            return
        if not options["repair"]:
            raise CommandError(f"{len(found)} dates differ.", returncode=1)
        mirror_series(series_ids={one.series_id for one in found})
        left = differences()
        if left:
            raise CommandError(
                f"{len(left)} dates still differ after the repair.", returncode=1
            )
        self.stdout.write(f"{len(found)} dates mended.")
