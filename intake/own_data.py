"""What intake keeps of a person: referrals, times and talks; gone with the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.enums import Advice
from intake.models import ProposedTime, Referral, TalkRequest
from people.services.own_data import OwnPart, Row, add_part, words_of

if TYPE_CHECKING:
    from people.models import Person


def _referrals(person: Person) -> Iterator[Row]:
    rows = Referral.objects.filter(resident__person=person)
    for row in rows.select_related("organisation", "outcome").order_by("pk"):
        outcome = getattr(row, "outcome", None)
        yield {
            **words_of(
                row,
                "organisation",
                "received_on",
                "target_date",
                "state",
                "with_relative",
                "proposed_at",
                "chosen_at",
                "held_on",
                "advised_at",
            ),
            _("advice"): (
                [str(Advice(one).label) for one in outcome.advice] if outcome else []
            ),
        }


def _times(person: Person) -> Iterator[Row]:
    rows = ProposedTime.objects.filter(referral__resident__person=person)
    for row in rows.select_related("room__centre").order_by("period", "pk"):
        yield {_("start"): row.period.lower, **words_of(row, "room", "state")}


def _talks(person: Person) -> Iterator[Row]:
    for row in TalkRequest.objects.filter(resident__person=person).order_by("pk"):
        yield words_of(row, "way", "state", "asked_at", "closed_at")


def add_parts() -> None:
    """Called when the app starts."""
    add_part(
        OwnPart(
            key="referrals",
            title=gettext_lazy("Your referral"),
            read=_referrals,
            order=20,
        )
    )
    add_part(
        OwnPart(
            key="times",
            title=gettext_lazy("Times that we proposed"),
            read=_times,
            order=21,
        )
    )
    add_part(
        OwnPart(
            key="talks",
            title=gettext_lazy("Talks that you asked for"),
            read=_talks,
            order=22,
        )
    )
