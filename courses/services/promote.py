"""One way in which a free seat finds its next owner, whatever set it free.

A withdrawal, a refused or lapsed offer, a larger room or group, a draft that is
dropped, a series that is cancelled elsewhere: all call `promote`, in their own
transaction. What does not call it (a change in the administration, a program killed
between two steps) is found by `sweep`, every few minutes.

Order: need class, then time of registration; nobody who could use the seat is passed
over. Who needs two seats while one is left keeps the turn, and the seat waits. Who
cannot use this seat now (another appointment at that time, a room without what is
needed, a journey too long) stays where he is in the order, and the seat goes on.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from audit.actor import Actor
from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
    SessionState,
)
from courses.log import log_registrations
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.seats import (
    lock_registrations,
    lock_series,
    seats_for,
    with_open_seats,
)
from courses.selectors.queue import Waiting, waiting_for
from courses.services.told import tell_offers
from courses.suitability import fits_unasked, objections
from messaging.services import goes_at

AT_LEAST = timedelta(hours=12)
"""Nobody has to answer sooner after the message, also when a group begins soon."""


def offer_days() -> int:
    """Days an offered seat stays reserved; a setting of the region."""
    return getattr(settings, "OFFER_DAYS", 3)


@transaction.atomic
def promote(
    *, series_ids: Iterable[uuid.UUID], actor: Actor, now: datetime | None = None
) -> list[Enrolment]:
    """Offer the free seats of these series to who is first in turn; the offers made.

    Series that are not published, or have no free seat, are passed by at the cost of
    two queries. Each offer is held until a deadline and told to its owner. One
    transaction (the caller's, where there is one): series are locked first, then
    registrations one by one in order of turn, as everywhere.
    """
    at = now or timezone.now()
    locked = [one for one in lock_series(ids=series_ids) if one.state in RUNNING_STATES]
    counted = with_open_seats(Series.objects.filter(pk__in=[one.pk for one in locked]))
    there = {one.pk: one for one in counted if one.seats_open > 0}
    if not there:
        return []
    round_ = _Round([one for one in locked if one.pk in there], there, at)
    for waiting, wanted in _in_turn(round_.series):
        if round_.is_over:
            break
        if round_.open_among(wanted):
            round_.serve(waiting, wanted)
    offers = round_.offers
    turns_move(
        registrations=for_two(offer.registration for offer in offers), actor=actor
    )
    if offers:
        log_registrations(
            actor=actor,
            code="enrolment.offer",
            action="C",
            registrations=[offer.registration for offer in offers],
            object_id=offers[0].series_id if len(there) == 1 else "",
        )
        tell_offers(actor=actor, offers=offers)
    return offers


def lock_turns(series_list: Sequence[Series], *, own: Iterable[int] = ()) -> None:
    """Lock who waits for these series, and the registrations `own`, in order of turn.

    For whoever changes a registration and calls `promote` in one transaction, before
    that change and after locking the series. `promote` locks those who wait in order
    of turn; two who each hold their own already, and meet the other's in their queues,
    would wait for each other. Six queries; the series come with their offering.
    """
    waiting = waiting_for(series_list)
    ids = {one.pk for queue in waiting.values() for one in queue}
    lock_registrations(ids | set(own))


def offer_free_seats(
    *, series: Series, actor: Actor, now: datetime | None = None
) -> list[Enrolment]:
    """`promote` for one series."""
    return promote(series_ids=[series.pk], actor=actor, now=now)


def promote_later(*, series_ids: Iterable[uuid.UUID], actor: Actor) -> None:
    """`promote`, each series in a transaction of its own after this one.

    For what follows from a seat that came free elsewhere: locking those series here
    too, in another order than others do, could make two programs wait for each other.
    """
    for pk in sorted(set(series_ids)):
        transaction.on_commit(partial(promote, series_ids=[pk], actor=actor))


def turns_move(*, registrations: Iterable[Registration], actor: Actor) -> None:
    """Offer on what was kept for these turns, after the transaction; three reads.

    A free seat may wait for two who come together. When they leave the list, pause, get
    a seat elsewhere or change places with others, it is the next one's.
    """
    ids = [one.pk for one in registrations]
    if ids:
        # Together, so that the choice ranked first is offered.
        wanted = waited_for_by(registration_ids=ids)
        transaction.on_commit(partial(promote, series_ids=wanted, actor=actor))


def for_two(registrations: Iterable[Registration]) -> list[Registration]:
    """Those for more than one seat: only for them a free seat is kept."""
    return [one for one in registrations if one.seats > 1]


def sweep(*, actor: Actor, now: datetime | None = None) -> list[Enrolment]:
    """Find seats that came free without `promote`, and offer them; the offers made.

    Only series that have both a free seat and a queue are locked. Those that somebody
    waits for together go in one transaction, so that the choice ranked first is
    offered; others in a transaction of their own.
    """
    running = with_open_seats(
        Series.objects.filter(state__in=RUNNING_STATES).select_related("offering")
    )
    free = [one for one in running.order_by("pk") if one.seats_open > 0]
    return [
        offer
        for together in _waited_for_together(waiting_for(free))
        for offer in promote(series_ids=together, actor=actor, now=now)
    ]


def _waited_for_together(
    queues: dict[uuid.UUID, set[Waiting]],
) -> list[list[uuid.UUID]]:
    """Series in heaps: two lie in one when somebody waits for both; none without."""
    heaps: list[tuple[set[uuid.UUID], set[Waiting]]] = []
    for series_id, waiting in sorted(queues.items()):
        if not waiting:
            continue
        ids, people = {series_id}, set(waiting)
        apart = []
        for heap in heaps:
            if heap[1] & people:
                ids, people = ids | heap[0], people | heap[1]
            else:
                apart.append(heap)
        heaps = [*apart, (ids, people)]
    return [sorted(ids) for ids, _people in heaps]


def series_waited_for(*, registration: Registration) -> list[uuid.UUID]:
    """The series in which this registration could be offered a seat, running now."""
    return waited_for_by(registration_ids=[registration.pk])


def waited_for_by(*, registration_ids: Iterable[int]) -> list[uuid.UUID]:
    """The same for several registrations; three queries."""
    mine = Registration.objects.filter(pk__in=list(registration_ids))
    chosen = RegistrationChoice.objects.order_by().filter(registration__in=mine)
    offerings = {
        *mine.order_by().values_list("offering", flat=True),
        *chosen.values_list("offering", flat=True),
    }
    wish = Q(pk__in=chosen.filter(series__isnull=False).values("series"))
    running = Series.objects.filter(state__in=RUNNING_STATES).order_by()
    found = running.filter(wish | Q(offering__in=offerings - {None}))
    return sorted(found.values_list("pk", flat=True))


def answer_by(*, series: Series, at: datetime) -> datetime:
    """Until when a seat offered at `at` is held.

    `OFFER_DAYS` days, but not past the first meeting of a group that has not begun
    (and then still twelve hours from when the message about it goes: it waits until the
    end of quiet hours).
    """
    until = at + timedelta(days=offer_days())
    first = series.sessions.filter(state=SessionState.PUBLISHED).aggregate(
        first=Min("period__startswith")
    )["first"]
    if first is not None and at < first < until:
        return min(until, max(first, goes_at(at) + AT_LEAST))
    return until


def _in_turn(
    series_list: list[Series],
) -> list[tuple[Waiting, list[uuid.UUID]]]:
    """Who waits for any of the series, first in turn first, and for which."""
    wanted: dict[Waiting, list[uuid.UUID]] = defaultdict(list)
    for series_id, waiting in waiting_for(series_list).items():
        for one in waiting:
            wanted[one].append(series_id)
    return sorted(wanted.items())


class _Round:
    """Free seats and where they went, in one pass along the queue."""

    def __init__(
        self, locked: list[Series], counted: dict[uuid.UUID, Series], at: datetime
    ) -> None:
        self.series = locked
        self.by_id = {one.pk: one for one in locked}
        self.free = {pk: one.seats_open for pk, one in counted.items()}
        self.total = {pk: one.seats_total for pk, one in counted.items()}
        self.kept: set[uuid.UUID] = set()
        """Series whose last seat waits for two who come together."""
        self.at = at
        self.offers: list[Enrolment] = []

    @property
    def is_over(self) -> bool:
        return not self.open_among(self.free)

    def open_among(self, series_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
        return [pk for pk in series_ids if self.free[pk] > 0 and pk not in self.kept]

    def serve(self, waiting: Waiting, wanted: list[uuid.UUID]) -> None:
        """Offer one registration the seat it likes best, or keep its turn."""
        registration = _lock_free(waiting.pk)
        if registration is None:
            return
        ranks = dict(
            registration.choices.filter(series__in=wanted).values_list("series", "rank")
        )
        likes = sorted(wanted, key=lambda pk: (ranks.get(pk, 1000), pk))
        waits_at: list[uuid.UUID] = []
        for pk in self.open_among(likes):
            series = self.by_id[pk]
            needs = seats_for(registration, series)
            if needs > self.total[pk] or not _could_take(
                registration, series, chosen=pk in ranks
            ):
                continue
            if needs > self.free[pk]:
                waits_at.append(pk)
                continue
            self.offers.append(make_offer(registration, series, needs, self.at))
            self.free[pk] -= needs
            return
        self.kept.update(waits_at)


def _lock_free(registration_id: int) -> Registration | None:
    """The registration, locked, if it still waits and has no seat anywhere."""
    has_seat = Enrolment.objects.filter(
        registration=OuterRef("pk"), state__in=SEAT_HOLDING
    )
    waits = Registration.objects.filter(
        pk=registration_id, state=RegistrationState.WAITING
    )
    if not waits.exclude(Exists(has_seat)).exists():
        return None
    (registration,) = lock_registrations([registration_id])
    # Somebody may have given it a seat while we waited for the lock.
    taken = registration.enrolments.filter(state__in=SEAT_HOLDING).exists()
    return (
        None
        if taken or registration.state != RegistrationState.WAITING
        else registration
    )


def _could_take(registration: Registration, series: Series, *, chosen: bool) -> bool:
    """Whether the seat is of use; who chose the group decided on the rest himself."""
    resident_id = registration.resident_id
    if objections(
        resident_id=resident_id,
        series=series,
        registration=registration,
        for_planner=True,
    ):
        return False
    return chosen or fits_unasked(resident_id=resident_id, series=series)


def make_offer(
    registration: Registration, series: Series, seats: int, at: datetime
) -> Enrolment:
    """Hold seats for a registration until it answers; both rows are locked by now."""
    registration.state = RegistrationState.OFFERED
    registration.save(update_fields=["state"])
    return Enrolment.objects.create(
        registration=registration,
        resident_id=registration.resident_id,
        series=series,
        seats=seats,
        state=EnrolmentState.OFFERED,
        made_at=at,
        changed_at=at,
        offered_at=at,
        offer_expires_at=answer_by(series=series, at=at),
    )
