"""A look at the facts before a plan is made: what to mend first, and where.

The checks know ids only (`scheduling.solver.doctor`); `found_things` gives them names
and the record that each is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit.actor import Actor
from audit.record import PLANNING, record_event
from scheduling.adapters.load_problem import load_problem
from scheduling.enums import RunKind
from scheduling.services import clock
from scheduling.services.faulty import FaultTold, told_of
from scheduling.services.files import in_rows
from scheduling.services.found_things import Names, Told
from scheduling.solver.doctor import Severity, examine
from scheduling.solver.faults import InvalidProblem
from scheduling.solver.validate import faults as faults_of


@dataclass(frozen=True, kw_only=True)
class Checkup:
    """All findings, errors first; `faults` are facts that allow no plan at all."""

    told: tuple[Told, ...]
    faults: tuple[FaultTold, ...] = ()

    def of(self, severity: Severity) -> list[Told]:
        return [one for one in self.told if one.severity == severity]


def check_up(
    *, actor: Actor, kind: RunKind | str, first_date: date, last_date: date
) -> Checkup:
    """Examine the facts of a week or term as they are now.

    As many reads as loading a problem takes, and a few for the names; the log says
    whose facts were read. Nothing is stored.
    """
    try:
        loaded = load_problem(
            actor=actor,
            kind=kind,
            first_date=first_date,
            last_date=last_date,
            now=clock.now(),
        )
    except InvalidProblem as error:
        return Checkup(told=(), faults=tuple(told_of(error.faults)))
    record_event(
        actor=actor,
        code="facts.check",
        action="E",
        purpose=PLANNING,
        subjects=loaded.rows["persons"].values(),
        object_kind="horizon",
        object_id=f"{first_date} {last_date}",
    )
    faults = faults_of(loaded.problem)
    if faults:
        return Checkup(
            told=(),
            faults=tuple(FaultTold(in_rows(str(one), loaded.rows)) for one in faults),
        )
    findings = examine(loaded.problem)
    names = Names(actor, loaded, findings)
    return Checkup(told=tuple(names.told(one) for one in findings))
