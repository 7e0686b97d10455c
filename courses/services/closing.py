"""Series come to an end by themselves, and nobody is forgotten in them.

Who took part to the end has completed the series, and the registration is finished.
Who still waited for it, or had not answered an offer, waits for the next series of the
same offering with the old date. The same happens to who waits for a series that is
cancelled.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, IntegerField, Max
from django.db.models.functions import Greatest
from django.utils import timezone

from audit.actor import Actor
from audit.record import PLANNING, record_event
from courses.enums import (
    RUNNING_STATES,
    SEAT_HOLDING,
    EnrolmentState,
    RegistrationState,
    SeriesState,
)
from courses.log import log_registrations
from courses.models import Enrolment, Registration, RegistrationChoice, Series
from courses.seats import lock_one, lock_registrations
from courses.services.promote import promote_later, series_waited_for
from courses.services.told import offers_over

AFTER = timedelta(hours=12)
"""So long after the last session, so that nothing closes while people are there."""
QUIET = timedelta(weeks=10)
"""A course that stopped before its last session is over after this; longer than the
summer holidays."""


def over_now(*, now: datetime | None = None) -> list[Series]:
    """Published series whose sessions are over; three reads, no person.

    All sessions the series was to have are past, or its latest date is, or nothing was
    heard of it for ten weeks. An open-ended group ends only by its latest date. The
    second group of a split has no sessions of its own from before it, but their numbers
    go on: the highest number tells as much as how many there are.
    """
    at = now or timezone.now()
    found = (
        Series.objects.filter(state__in=RUNNING_STATES)
        .select_related("offering")
        .annotate(
            there=Greatest(
                Count("sessions"),
                Max("sessions__number"),
                output_field=IntegerField(),
            ),
            last=Max("sessions__period__endswith"),
        )
        .filter(last__isnull=False, last__lt=at - AFTER)
        .order_by("pk")
    )
    return [one for one in found if _is_over(one, at)]


def _is_over(series: Series, at: datetime) -> bool:
    if series.latest_end is not None and series.latest_end < timezone.localdate(at):
        return True
    expected = series.number_of_sessions
    if expected is None:
        return False
    if series.offering.follow_up_weeks is not None:
        expected += 1
    last: datetime = series.last  # type: ignore[attr-defined]
    there: int = series.there  # type: ignore[attr-defined]
    return there >= expected or last < at - QUIET


def close_finished(*, actor: Actor, now: datetime | None = None) -> int:
    """Close every series that is over, each in a transaction; how many were closed."""
    return sum(
        close_series(series=one, actor=actor, now=now) for one in over_now(now=now)
    )


@transaction.atomic
def close_series(*, series: Series, actor: Actor, now: datetime | None = None) -> bool:
    """Close one series that is over; False if it was closed or has sessions again."""
    at = now or timezone.now()
    locked = lock_one(series)
    if locked.pk not in {one.pk for one in over_now(now=at)}:
        return False
    locked.state = SeriesState.FINISHED
    locked.save(update_fields=["state", "last_modified"])
    seats = list(
        locked.enrolments.filter(state__in=SEAT_HOLDING).select_related(
            "registration__resident"
        )
    )
    taken = [one for one in seats if one.state == EnrolmentState.ENROLLED]
    others = [one for one in seats if one.state != EnrolmentState.ENROLLED]
    _set(taken, EnrolmentState.COMPLETED, at)
    _set(others, EnrolmentState.WITHDRAWN, at)
    Registration.objects.filter(pk__in=[one.registration_id for one in taken]).update(
        state=RegistrationState.FINISHED
    )
    offers = [one for one in others if one.state == EnrolmentState.OFFERED]
    offers_over(actor=actor, offers=offers)
    record_event(
        actor=actor,
        code="series.finish",
        action="U",
        purpose=PLANNING,
        subjects=[one.registration.resident.person_id for one in taken],
        object_kind="series",
        object_id=locked.pk,
    )
    wait_for_next(
        series=locked, actor=actor, also=[one.registration_id for one in offers]
    )
    return True


def _set(seats: list[Enrolment], state: str, at: datetime) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in seats]).update(
        state=state, changed_at=at, offer_expires_at=None
    )


@transaction.atomic
def wait_for_next(
    *, series: Series, actor: Actor, also: list[int] | None = None
) -> int:
    """Let who waited for this series wait for the next one of its offering.

    The choice becomes one for the offering, at the same rank; the date stays. `also`
    are registrations that lost an offer or a seat here: they wait again. Returns how
    many registrations that were.
    """
    chose = series.choices.filter(registration__state__in=_ASKING)
    ids = set(chose.values_list("registration_id", flat=True)) | set(also or ())
    changed = lock_registrations(ids)
    for one in changed:
        _choose_offering(one, series)
        if one.pk in (also or ()):
            one.state = RegistrationState.WAITING
            one.save(update_fields=["state"])
        promote_later(series_ids=series_waited_for(registration=one), actor=actor)
    if changed:
        log_registrations(
            actor=actor,
            code="registration.wait_for_next",
            action="U",
            registrations=changed,
            object_id=series.pk,
        )
    return len(changed)


_ASKING = (
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)


def _choose_offering(registration: Registration, series: Series) -> None:
    """Put the offering in the place of the series among the choices, once."""
    own = registration.choices.filter(series=series).first()
    asked = registration.offering_id == series.offering_id or (
        registration.choices.filter(offering=series.offering_id).exists()
    )
    if own is not None and asked:
        own.delete()
    elif own is not None:
        own.series, own.offering = None, series.offering
        own.save(update_fields=["series", "offering"])
    elif not asked:
        last = registration.choices.order_by("-rank").first()
        RegistrationChoice.objects.create(
            registration=registration,
            offering=series.offering,
            rank=last.rank + 1 if last is not None else 1,
        )
