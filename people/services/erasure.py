"""Erasing a person: asked for, thought over, carried out, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import OVERSIGHT, OWN_DATA, record_event
from audit.rows import save_checked
from audit.selectors import heard_of
from people.enums import ErasureState, HoldReason, Role
from people.models import ErasureRequest, Resident
from people.services.own_data import parts

if TYPE_CHECKING:
    from people.models import Person, User


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
    """Requests that were thought over long enough and do not wait, oldest first."""
    day = today or timezone.localdate()
    found = ErasureRequest.objects.filter(
        Q(hold_until__isnull=True) | Q(hold_until__lte=day),
        state=ErasureState.ASKED,
        due_on__lte=day,
    )
    return list(found.select_related("person").order_by("due_on", "pk"))


MOST_HELD_DAYS = 183
"""Half a year at a time: who lets a request wait looks at it again."""


def held_persons(*, today: date | None = None) -> frozenset[int]:
    """Ids of persons whose erasure waits: nothing of theirs is taken away meanwhile."""
    found = ErasureRequest.objects.filter(
        state=ErasureState.ASKED, hold_until__gt=today or timezone.localdate()
    )
    return frozenset(pk for pk in found.values_list("person", flat=True) if pk)


def held_requests() -> list[ErasureRequest]:
    """Requests that wait now, with their persons, to tell them; logged by who tells."""
    found = ErasureRequest.objects.filter(
        state=ErasureState.ASKED,
        hold_until__gt=timezone.localdate(),
        person__isnull=False,
    )
    return list(found.select_related("person__organisation").order_by("pk"))


@transaction.atomic
def hold_erasure(
    *, actor: Actor, by: User, request_id: int, reason: str, until: date
) -> ErasureRequest:
    """Let a request wait, with a reason from the list, until a day.

    Raises
    ------
    django.core.exceptions.ValidationError
        For a request that is closed, a reason that is not on the list, and a day that
        is past or more than half a year away.
    """
    row = _open_row(request_id)
    today = timezone.localdate()
    if reason not in HoldReason.values:
        raise ValidationError({"reason": _("Choose why it has to wait.")})
    if not today < until <= today + timedelta(days=MOST_HELD_DAYS):
        raise ValidationError(
            {"until": _("Choose a day after today, at most half a year from now.")}
        )
    row.hold_reason, row.hold_until = reason, until
    row.held_at, row.held_by = timezone.now(), by
    save_checked(row)
    _log(actor, "erasure.hold", "U", row, OVERSIGHT)
    return row


@transaction.atomic
def stop_holding(*, actor: Actor, request_id: int) -> ErasureRequest:
    """Let a request go on. Raises as `hold_erasure` for one that is closed."""
    row = _open_row(request_id)
    if row.hold_reason:
        row.hold_reason, row.hold_until = "", None
        row.held_at = row.held_by = None
        save_checked(row)
        _log(actor, "erasure.go-on", "U", row, OVERSIGHT)
    return row


def _open_row(request_id: int) -> ErasureRequest:
    row = (
        ErasureRequest.objects.select_for_update(of=("self",))
        .filter(pk=request_id, state=ErasureState.ASKED)
        .first()
    )
    if row is None:
        raise ValidationError(_("This request is closed."))
    return row


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
        if row.state != ErasureState.ASKED or row.person is None or row.is_held:
            return {}
        counts = erase_person(actor, row.person)
        row.refresh_from_db()
        row.state, row.closed_at = ErasureState.DONE, timezone.now()
        row.erased = dict(sorted(counts.items()))
        row.save(update_fields=["state", "closed_at", "erased"])
        _log(actor, "erasure.done", "D", row, OVERSIGHT)
        if dry_run:
            transaction.set_rollback(True)
    return dict(sorted(counts.items()))


def erase_person(actor: Actor, person: Person) -> Counter[str]:
    """Everything that is kept of a person, in the order that `erase` says."""
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


MOST_AT_ONCE = 500


def erase_forgotten(
    *, actor: Actor, since: datetime, nothing_left: Q, held: Iterable[int] = ()
) -> Counter[str]:
    """Erase residents of whom nothing is left and the log was silent; rows by kind.

    `nothing_left` says what of other apps a resident may not have any more. Whose
    account was made or used of late, who also leads, and who is `held`, stays. At most
    500 at once: the rest goes the next night.
    """
    found = (
        Resident.objects.filter(nothing_left, person__facilitator__isnull=True)
        .exclude(person__in=list(held))
        .exclude(person__user__date_joined__gte=since)
        .exclude(person__user__last_login__gte=since)
        .exclude(heard_of(person_column="person_id", since=since))
    )
    counts: Counter[str] = Counter()
    for resident in found.select_related("person")[:MOST_AT_ONCE]:
        counts.update(erase_person(actor, resident.person))
    return counts


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
