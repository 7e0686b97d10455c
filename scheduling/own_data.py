"""What scheduling keeps of a person: why there was no seat, and files of runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from people.services.own_data import Counts, OwnPart, Row, add_part
from scheduling.messages import why_sentences
from scheduling.models import LeftOut, ScheduleState
from scheduling.services.files import erase_files_of

if TYPE_CHECKING:
    from people.models import Person


def _left_out(person: Person) -> Iterator[Row]:
    """Only what was published: a draft is nobody's decision."""
    rows = LeftOut.objects.filter(
        registration__resident__person=person,
        schedule__state__in=[ScheduleState.PUBLISHED, ScheduleState.ARCHIVED],
    )
    for row in rows.select_related("schedule").order_by("pk"):
        rules = {rule for reason in row.reasons for rule in reason.get("rules", ())}
        yield {
            _("schedule from"): row.schedule.first_date,
            _("why there was no place"): why_sentences(sorted(rules)),
        }


def _erase(actor: Actor, person: Person) -> Counts:
    """The facts of runs hold the person too, under a number of their own."""
    return {"scheduling.PlanningRun": len(erase_files_of(actor=actor, person=person))}


def add_parts() -> None:
    """Called when the app starts."""
    add_part(
        OwnPart(
            key="left-out",
            title=gettext_lazy("When there was no place"),
            read=_left_out,
            erase=_erase,
            order=40,
        )
    )
