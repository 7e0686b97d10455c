"""`import_region`: a region's own data, from CSV files or a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from audit.actor import Actor, scene
from courses.imports.differences import Difference, What
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.loading import load_region, rehearse_region
from courses.imports.reading import read_region
from courses.imports.template import write_template
from courses.imports.under_way import Outcome

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Load a region from a folder of CSV files or one .xlsx workbook. Every fault "
        "is listed and then nothing is loaded (exit status 2); the same file again "
        "changes nothing. With --dry-run it only says what would change, row by row; "
        "with --template the file to fill in is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="A folder of CSV files, or a workbook.")
        parser.add_argument(
            "--template",
            action="store_true",
            help="Write the template to PATH (.xlsx, or a folder) and load nothing.",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Say what would be added, changed and left alone; load nothing.",
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
                load = rehearse_region if options["dry_run"] else load_region
                outcome = self._load(path, load)
                self._compare(outcome)
                self._tell(outcome)
                if options["dry_run"]:
                    self.stdout.write(_("Nothing was loaded: this was a dry run."))

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

    def _load(self, path: Path, load: Callable[..., Outcome]) -> Outcome:
        try:
            return load(tables=read_region(path), actor=Actor.system("import_region"))
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

    def _compare(self, outcome: Outcome) -> None:
        """A line for each row that differs, where that was asked for."""
        for name, differences in outcome.differences.items():
            for one in differences:
                self.stdout.write(f"{name} {_told(one)}")

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


def _told(one: Difference) -> str:
    """A difference in one line: its row, its key, what happens, and its cells."""
    what = {
        What.ADDED: _("added"),
        What.CHANGED: _("changed"),
        What.REMOVED: _("removed"),
        What.KEPT: _("differs and stays, because it is in people's agendas"),
    }[one.what]
    row = _("row %(row)d") % {"row": one.row} + ", " if one.row else ""
    cells = ", ".join(
        f"{cell.column} {cell.old or '-'} > {cell.new or '-'}"
        for cell in one.cells
        if one.what is not What.ADDED
    )
    return f"({row}{one.key}): {what}{': ' if cells else ''}{cells}"
