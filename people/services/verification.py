"""Making sure that a referrer is a GP or social worker, before any referral counts.

A role only says what an account may open. A check is an act of its own: somebody else
looked a person up, says where and how, and it lapses after a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event, record_read
from audit.rows import save_checked
from people.enums import CheckedHow, Register, Role
from people.models import RoleMembership, User, Verification

if TYPE_CHECKING:
    from people.models import Organisation

SOON_DAYS = 30


def counting_days() -> int:
    """Days that a check counts; a setting of the region."""
    return getattr(settings, "VERIFICATION_DAYS", 365)


def verified_organisations(*, user: User, today: date | None = None) -> frozenset[int]:
    """Ids of the organisations for which this account was checked, and still is."""
    rows = Verification.objects.filter(
        user=user,
        ended_at__isnull=True,
        expires_on__gte=today or timezone.localdate(),
    )
    return frozenset(rows.values_list("organisation_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class Referrer:
    """An account that may open the form for an organisation, and its check if any.

    `state`: "never", "counts", "soon" (lapses within a month), "lapsed" or "ended".
    """

    membership: RoleMembership
    name: str
    check: Verification | None
    state: str


def referrers(
    *, actor: Actor, organisation_ids: frozenset[int] | None
) -> list[Referrer]:
    """Accounts with the role, those to be checked first; two reads, one log line.

    `organisation_ids` None: the whole region. A role without an organisation is left
    out: it refers for nobody.
    """
    found = RoleMembership.objects.filter(
        role=Role.REFERRER, organisation__isnull=False, user__is_active=True
    ).select_related("user__person", "organisation")
    if organisation_ids is not None:
        found = found.filter(organisation__in=organisation_ids)
    memberships = list(found.order_by("organisation__name", "user__email"))
    checks: dict[tuple[int, int], Verification] = {}
    rows = Verification.objects.filter(user__in=[one.user_id for one in memberships])
    for row in rows.select_related("verified_by").order_by("verified_at", "pk"):
        checks[row.user_id, row.organisation_id] = row  # the newest wins
    record_read(
        actor=actor,
        subjects=[
            one.user.person.pk for one in memberships if hasattr(one.user, "person")
        ],
        purpose=ADMINISTRATION,
        code="verification.list",
        object_kind="verification",
    )
    lines = [_line(one, checks) for one in memberships]
    return sorted(lines, key=lambda one: one.state not in ("never", "lapsed", "ended"))


def _line(
    membership: RoleMembership, checks: dict[tuple[int, int], Verification]
) -> Referrer:
    check = checks.get((membership.user_id, membership.organisation_id or 0))
    person = getattr(membership.user, "person", None)
    return Referrer(
        membership=membership,
        name=person.call_name if person is not None else membership.user.email,
        check=check,
        state=state_of(check, timezone.localdate()),
    )


def state_of(check: Verification | None, today: date) -> str:
    """What a check is worth on a day, as `Referrer.state`."""
    if check is None:
        return "never"
    if check.ended_at is not None:
        return "ended"
    if check.expires_on < today:
        return "lapsed"
    soon = check.expires_on < today + timedelta(days=SOON_DAYS)
    return "soon" if soon else "counts"


@transaction.atomic
def verify(
    *,
    actor: Actor,
    by: User,
    user: User,
    organisation: Organisation,
    register: str,
    number: str,
    how: str,
) -> Verification:
    """Write down that `by` checked an account; a check before it ends.

    Raises
    ------
    django.core.exceptions.ValidationError
        For oneself, an account without the role there, or a number that is none of
        that register; nothing changes then.
    """
    if by.pk == user.pk:
        raise ValidationError(_("Nobody checks himself. Ask a colleague."))
    role = RoleMembership.objects.select_for_update(of=("self",)).filter(
        user=user, role=Role.REFERRER, organisation=organisation
    )
    if not role.exists():
        raise ValidationError(_("This account is not a referrer of that organisation."))
    number = "".join(number.split())
    _judge(register, number, how)
    now = timezone.now()
    Verification.objects.filter(
        user=user, organisation=organisation, ended_at__isnull=True
    ).update(ended_at=now)
    row = save_checked(
        Verification(
            user=user,
            organisation=organisation,
            register=register,
            number=number,
            how=how,
            verified_by=by,
            verified_at=now,
            expires_on=timezone.localdate() + timedelta(days=counting_days()),
        )
    )
    _log(actor, "verification.create", "C", row)
    return row


def _judge(register: str, number: str, how: str) -> None:
    faults: dict[str, str] = {}
    if how not in CheckedHow.values:
        faults["how"] = _("Choose how you checked it.")
    if register not in Register.values:
        faults["register"] = _("Choose a register.")
    else:
        least, most = Register(register).digits
        good = number.isascii() and (number.isdigit() or not number)
        if most == 0 and number:
            faults["number"] = _("Leave this empty: there is no register.")
        elif not good or not least <= len(number) <= most:
            words = (
                _("This number has %(least)d digits there.")
                if least == most
                else _("This number has %(least)d to %(most)d digits there.")
            )
            faults["number"] = words % {"least": least, "most": most}
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def end_verification(*, actor: Actor, user: User, organisation: Organisation) -> bool:
    """Stop a check from counting at once; whether there was one that did."""
    row = (
        Verification.objects.select_for_update(of=("self",))
        .filter(user=user, organisation=organisation, ended_at__isnull=True)
        .first()
    )
    if row is None:
        return False
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    _log(actor, "verification.end", "U", row)
    return True


def _log(actor: Actor, code: str, action: str, row: Verification) -> None:
    person = getattr(row.user, "person", None)
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        subjects=[] if person is None else [person.pk],
        object_kind="verification",
        object_id=row.pk,
    )
