"""`import_region`: a region's own data, from CSV files or a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from audit.actor import Actor, scene
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.loading import Outcome, load_region
from courses.imports.reading import read_region
from courses.imports.template import write_template

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Load a region from a folder of CSV files or one .xlsx workbook. Every fault "
        "is listed and then nothing is loaded (exit status 2); the same file again "
        "changes nothing. With --template the file to fill in is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="A folder of CSV files, or a workbook.")
        parser.add_argument(
            "--template",
            action="store_true",
            help="Write the template to PATH (.xlsx, or a folder) and load nothing.",
        )
        parser.add_argument(
            "--language",
            choices=["nl", "en"],
            default="nl",
            help="Language of the faults and of the template.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["path"])
        with translation.override(options["language"]):
            if options["template"]:
                self._write_template(path)
                return
            with scene("import_region"):
                self._tell(self._load(path))

    def _write_template(self, path: Path) -> None:
        if path.exists():
            raise CommandError(
                _("%(path)s is already there. Choose another name.") % {"path": path},
                returncode=BAD_INPUT,
            )
        try:
            write_template(path)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(why)s.")
                % {"path": path, "why": error.strerror},
                returncode=BAD_INPUT,
            ) from error
        self.stdout.write(_("The template is in %(path)s.") % {"path": path})

    def _load(self, path: Path) -> Outcome:
        try:
            return load_region(
                tables=read_region(path), actor=Actor.system("import_region")
            )
        except (UnreadableRegion, OSError) as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        except FaultyRegion as error:
            for fault in error.faults:
                self.stderr.write(str(fault))
            raise CommandError(
                _("Faults: %(number)d. Nothing was loaded.")
                % {"number": len(error.faults)},
                returncode=BAD_INPUT,
            ) from error

    def _tell(self, outcome: Outcome) -> None:
        for name, count in outcome.counts.items():
            self.stdout.write(
                _("%(sheet)s: %(added)d added, %(changed)d changed, %(same)d as it was")
                % {
                    "sheet": name,
                    "added": count.added,
                    "changed": count.changed,
                    "same": count.same,
                }
            )
        self.stdout.write(
            _("%(added)d added, %(changed)d changed.")
            % {"added": outcome.added, "changed": outcome.changed}
        )
