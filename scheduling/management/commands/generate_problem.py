"""`generate_problem`: an invented region of a chosen size as a problem file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from scheduling.management.files import refused, save_problem
from scheduling.solver.generate import MODES, REGIMES, generate


class Command(BaseCommand):
    help = "Write an invented planning problem; equal seeds give equal files."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale",
            type=float,
            default=1,
            help="Regions side by side, or a part of one region.",
        )
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--mode", choices=MODES, default="term")
        parser.add_argument("--regime", choices=REGIMES, default="base")
        parser.add_argument("--out", required=True, metavar="IN.json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            problem = generate(
                options["scale"], options["seed"], options["mode"], options["regime"]
            )
        except ValueError as error:
            raise refused(f"--scale: {error}.") from error
        save_problem(options["out"], problem)
        self.stdout.write(
            f"{options['out']}: {len(problem.series)} series, "
            f"{len(problem.registrations)} registrations, {len(problem.rooms)} rooms, "
            f"{len(problem.facilitators)} facilitators."
        )
