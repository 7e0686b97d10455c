"""Carry out requests for erasure that were thought over long enough.

python manage.py erase_people            # say what would go, change nothing
python manage.py erase_people --really   # do it
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.actor import Actor, scene
from people.services.erasure import due_requests, erase


class Command(BaseCommand):
    help = "Carry out requests for erasure that are due. Without --really: a dry run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--really", action="store_true", help="erase; without it nothing changes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each request: its number, and how many rows of what."""
        really = options["really"]
        with scene("erase_people"):
            requests = due_requests()
            for request in requests:
                counts = erase(
                    actor=Actor.system("erase_people"),
                    request=request,
                    dry_run=not really,
                )
                rows = ", ".join(f"{name} {number}" for name, number in counts.items())
                word = "erased" if really else "would erase"
                self.stdout.write(f"request {request.pk}: {word} {rows}")
        if not requests:
            self.stdout.write("no request is due")
