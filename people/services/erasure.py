"""Erasing a person: asked for, thought over, carried out, and counted."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import OVERSIGHT, OWN_DATA, record_event
from audit.rows import save_checked
from people.enums import ErasureState, Role
from people.models import ErasureRequest
from people.services.own_data import parts

if TYPE_CHECKING:
    from people.models import Person


def thinking_days() -> int:
    """Days in which a request can be taken back; a setting of the region."""
    return getattr(settings, "ERASURE_THINKING_DAYS", 14)


@transaction.atomic
def ask_erasure(*, actor: Actor, person: Person) -> ErasureRequest:
    """Ask for erasure; asked twice it is one request with the first date."""
    there = open_request(person=person)
    if there is not None:
        return there
    request = ErasureRequest(
        person=person,
        person_number=person.pk,
        due_on=timezone.localdate() + timedelta(days=thinking_days()),
    )
    try:
        with transaction.atomic():
            save_checked(request)
    except IntegrityError:  # two presses at the same moment
        return ErasureRequest.objects.get(person=person, state=ErasureState.ASKED)
    _log(actor, "erasure.ask", "C", request, OWN_DATA)
    return request


@transaction.atomic
def withdraw_erasure(*, actor: Actor, person: Person) -> bool:
    """Take the request back; whether there was one."""
    request = (
        ErasureRequest.objects.select_for_update(of=("self",))
        .filter(person=person, state=ErasureState.ASKED)
        .first()
    )
    if request is None:
        return False
    request.state, request.closed_at = ErasureState.WITHDRAWN, timezone.now()
    save_checked(request)
    _log(actor, "erasure.withdraw", "U", request, OWN_DATA)
    return True


def open_request(*, person: Person) -> ErasureRequest | None:
    """The person's own request that is not closed."""
    return ErasureRequest.objects.filter(
        person=person, state=ErasureState.ASKED
    ).first()


def due_requests(*, today: date | None = None) -> list[ErasureRequest]:
    """Requests that were thought over long enough, oldest first."""
    day = today or timezone.localdate()
    found = ErasureRequest.objects.filter(state=ErasureState.ASKED, due_on__lte=day)
    return list(found.select_related("person").order_by("due_on", "pk"))


def erase(
    *, actor: Actor, request: ErasureRequest, dry_run: bool = True
) -> dict[str, int]:
    """Carry one request out; rows by kind. With `dry_run` all is put back.

    What other apps keep goes first, from the top down, so that a seat is given up in
    the usual way and an appointment leaves every agenda. Then the person's own rows.
    Who also leads groups stays known as a leader; only what belongs to the resident
    goes. Lines of the access log stay: they hold a number and no name.
    """
    with transaction.atomic():
        row = ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if row.state != ErasureState.ASKED or row.person is None:
            return {}
        counts = _erase_person(actor, row.person)
        row.refresh_from_db()
        row.state, row.closed_at = ErasureState.DONE, timezone.now()
        row.erased = dict(sorted(counts.items()))
        row.save(update_fields=["state", "closed_at", "erased"])
        _log(actor, "erasure.done", "D", row, OVERSIGHT)
        if dry_run:
            transaction.set_rollback(True)
    return dict(sorted(counts.items()))


def _erase_person(actor: Actor, person: Person) -> Counter[str]:
    counts: Counter[str] = Counter()
    for part in reversed(parts()):
        if part.erase is not None:
            counts.update(part.erase(actor, person))
    resident, user = getattr(person, "resident", None), person.user
    if hasattr(person, "facilitator"):
        if resident is not None:
            counts.update(resident.delete()[1])
        return +counts
    counts.update(person.delete()[1])
    if user is not None and user.roles <= {Role.RESIDENT.value}:
        counts.update(user.delete()[1])
    return +counts


def _log(
    actor: Actor, code: str, action: str, request: ErasureRequest, purpose: str
) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=purpose,
        subjects=[request.person_number],
        object_kind="erasure",
        object_id=request.pk,
    )
