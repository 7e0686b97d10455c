"""The page in place of one for which the facts of a period cannot be read.

Any page that judges or looks for a time may meet such facts, so it is shown in one
place (``config.middleware``) and not by each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from scheduling.adapters.faulty import InvalidPeriod
from scheduling.services.access import plans_region
from scheduling.services.faulty import FaultTold, told_of
from scheduling.solver.faults import InvalidProblem
from scheduling.weeks import Week

SHOWN = 10


def faulty_facts(request: HttpRequest, error: InvalidProblem) -> HttpResponse:
    """What is wrong, with the way to mend it, for who plans the region; status 409.

    Whoever else meets it reads that a coordinator has to mend something first.
    """
    may_mend = plans_region(request.user)
    told = told_of(error.faults[:SHOWN]) if may_mend else []
    context = {
        "may_mend": may_mend,
        "lines": fault_lines(told),
        "unshown": len(error.faults) - SHOWN,
        "checkup": _checkup(error),
    }
    return render(request, "scheduling/faulty.html", context, status=409)


def fault_lines(told: Iterable[FaultTold]) -> list[tuple[str, str]]:
    """Each fault as a sentence, with the address of the group to mend, or nothing."""
    return [
        (
            one.sentence,
            reverse("publishing:facts_one_series", args=[one.series_id])
            if one.series_id
            else "",
        )
        for one in told
    ]


def _checkup(error: InvalidProblem) -> str:
    """The page that examines the period: its week, or the term that begins with it."""
    if not isinstance(error, InvalidPeriod):
        return reverse("scheduling:checkup")
    week = Week.of(error.first_date)
    address = reverse("scheduling:checkup", args=[week])
    if error.last_date > week.sunday:
        address += f"?{urlencode({'soort': 'periode'})}"
    return address
