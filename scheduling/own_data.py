"""What scheduling keeps of a person: why there was no seat, and files of runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.actor import Actor
from people.services.own_data import Counts, OwnPart, Row, add_part
from scheduling.messages import why_sentences
from scheduling.models import HelpStep, LeftOut, ScheduleState
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


def _steps(person: Person) -> Iterator[Row]:
    """What was asked of this person, and what was done to find a seat."""
    mine = HelpStep.objects.filter(asked=person) | HelpStep.objects.filter(
        registration__resident__person=person
    )
    for row in mine.distinct().order_by("pk"):
        yield {
            _("what was done"): str(row.get_kind_display()),
            _("how it stands"): str(row.get_state_display()),
            _("on"): row.made_at,
            _("agreed on"): row.agreed_on,
        }


def _erase_steps(_actor: Actor, person: Person) -> Counts:
    """Steps go with the registration; those that were asked of a leader go here."""
    gone, _rows = HelpStep.objects.filter(asked=person).delete()
    return {"scheduling.HelpStep": gone}


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
    add_part(
        OwnPart(
            key="help-steps",
            title=gettext_lazy("What was done to find you a place"),
            read=_steps,
            erase=_erase_steps,
            order=41,
        )
    )
