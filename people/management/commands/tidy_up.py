"""Take away what may no longer be kept, by kind of record.

python manage.py tidy_up            # say what would go, change nothing
python manage.py tidy_up --really   # do it
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.actor import Actor, scene
from people.services.retention import tidy_up


class Command(BaseCommand):
    help = "Take away what may no longer be kept. Without --really: a dry run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--really", action="store_true", help="erase; without it nothing changes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each kind: its days, and how many rows of what."""
        really = options["really"]
        with scene("tidy_up"):
            found = tidy_up(actor=Actor.system("tidy_up"), dry_run=not really)
        for one in found:
            rows = ", ".join(f"{name} {number}" for name, number in one.counts.items())
            word = "erased" if really and not one.kind.only_counted else "would go"
            self.stdout.write(
                f"{one.kind.key}, after {one.terms.days} days: "
                f"{f'{word} {rows}' if rows else 'nothing'}"
            )
