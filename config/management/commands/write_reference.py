"""`write_reference`: the generated pages of docs/reference, written or checked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.reference import stale_pages, write_pages


class Command(BaseCommand):
    help = "Write the reference pages that follow from the code."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say which pages are out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            for name in write_pages():
                self.stdout.write(f"wrote {name}")
            return
        stale = stale_pages()
        if stale:
            raise CommandError(
                f"Out of date: {', '.join(stale)}. Run: python manage.py"
                " write_reference"
            )
