"""What publishing keeps of a person: addresses of feeds, appointments to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from audit.actor import Actor
from courses.services.leaving import lock_all_of
from intake.selectors import planned_referral_ids
from intake.services.proposals import lock_referral
from people.services.own_data import Counts, OwnPart, Row, add_part, words_of
from publishing.models import FeedToken
from publishing.services.conversations import cancel

if TYPE_CHECKING:
    from people.models import Person


def _feeds(person: Person) -> Iterator[Row]:
    for row in FeedToken.objects.filter(person=person).order_by("made_at"):
        yield words_of(row, "kind", "shows_details", "made_at", "revoked_at")


def _erase(actor: Actor, person: Person) -> Counts:
    """A conversation that was to come leaves the agenda of the professionals too.

    With it all that this person asks is locked, as it is ended soon after: one by one
    would be in another order than everybody else locks.
    """
    ids = sorted(planned_referral_ids(person_id=person.pk))
    if ids:
        for pk in ids:
            lock_referral(pk)
        lock_all_of(person.resident.pk)
    taken_off = [pk for pk in ids if cancel(actor=actor, referral_id=pk)]
    return {"courses.Session": len(taken_off)}


def add_parts() -> None:
    """Called when the app starts."""
    add_part(
        OwnPart(
            key="feeds",
            title=gettext_lazy("Addresses of your agenda"),
            read=_feeds,
            erase=_erase,
            order=50,
        )
    )
