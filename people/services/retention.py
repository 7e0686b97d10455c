"""Tidying up without a request: what may no longer be kept goes, by kind of record.

Each app that keeps something about people brings its kinds when it starts, with a usual
number of days and why so long. A region, or one organisation, may set another number;
whose erasure waits is left alone. Done every night; a dry run does the same and puts
all back.

Sources: GDPR article 5(1)(e); Wabvpz and NEN 7513 for the log; medical files are kept
elsewhere (article 7:454 BW), so nothing here stands in for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import OVERSIGHT, record_event
from audit.rows import save_checked
from people.models import RetentionPeriod, RetentionRun
from people.models.retention import LEAST_DAYS, MOST_DAYS
from people.services.erasure import held_persons

if TYPE_CHECKING:
    from people.models import Organisation, User

Words = str | Promise
Counts = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How long one kind is kept, as of `now`; `held` are persons to leave alone."""

    now: datetime
    days: int
    by_organisation: Mapping[int, int] = field(default_factory=dict)
    held: frozenset[int] = frozenset()

    @property
    def cutoff(self) -> datetime:
        """What was over before this moment goes."""
        return self.now - timedelta(days=self.days)

    def past(
        self,
        moment: str,
        *,
        organisation: str = "",
        person: str = "",
        day: bool = False,
    ) -> Q:
        """Rows of which the time is over: lookups of the moment it counts from, of
        the organisation that answers for it, and of the person it is about.

        `day`: the moment is a date.
        """

        def before(days: int) -> Q:
            cutoff = self.now - timedelta(days=days)
            value = timezone.localdate(cutoff) if day else cutoff
            return Q(**{f"{moment}__lt": value})

        found = before(self.days)
        if organisation and self.by_organisation:
            found &= ~Q(**{f"{organisation}__in": list(self.by_organisation)})
            for pk, days in sorted(self.by_organisation.items()):
                found |= before(days) & Q(**{organisation: pk})
        if person and self.held:
            found &= ~Q(**{f"{person}__in": sorted(self.held)})
        return found


@dataclass(frozen=True, kw_only=True)
class RetentionKind:
    """One kind of record: from when its days count, how many, and why.

    `expire` takes away what is over and says how many rows of which table. With
    `only_counted` nothing is taken away: a human being decides. `least` is the lowest
    number of days that may be set.
    """

    key: str
    title: Words
    counts_from: Words
    why: Words
    days: int
    expire: Callable[[Actor, Terms], Counts]
    least: int = LEAST_DAYS
    per_organisation: bool = False
    only_counted: bool = False
    order: int = 50


_KINDS: dict[str, RetentionKind] = {}


def add_kind(kind: RetentionKind) -> None:
    """Called when an app starts.

    Raises
    ------
    ValueError
        For a key that another app brought already.
    """
    known = _KINDS.get(kind.key)
    if known is not None and known != kind:
        raise ValueError(f"two kinds of record are called {kind.key!r}")
    _KINDS[kind.key] = kind


def kinds() -> list[RetentionKind]:
    """Every kind there is: what stands on something else goes before it."""
    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.key))


@dataclass(frozen=True, kw_only=True)
class Expired:
    """One kind with its terms, and how many rows of which table go (or went)."""

    kind: RetentionKind
    terms: Terms
    counts: Counts

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def terms_of(*, now: datetime | None = None) -> dict[str, Terms]:
    """The terms of every kind; two queries."""
    at = now or timezone.now()
    usual: dict[str, int] = {}
    special: dict[str, dict[int, int]] = {}
    for row in RetentionPeriod.objects.all():
        if row.organisation_id is None:
            usual[row.kind] = row.days
        else:
            special.setdefault(row.kind, {})[row.organisation_id] = row.days
    held = held_persons(today=timezone.localdate(at))
    return {
        kind.key: Terms(
            now=at,
            days=usual.get(kind.key, kind.days),
            by_organisation=special.get(kind.key, {}),
            held=held,
        )
        for kind in kinds()
    }


def tidy_up(
    *, actor: Actor, dry_run: bool = True, now: datetime | None = None
) -> list[Expired]:
    """Take away what may no longer be kept; with `dry_run` all is put back.

    Each kind is a transaction of its own, so that what went wrong with one does not
    keep the others.
    """
    terms = terms_of(now=now)
    # A dry run is one transaction: what goes later depends on what went before.
    with transaction.atomic() if dry_run else nullcontext():
        found = [_expire(actor, kind, terms[kind.key]) for kind in kinds()]
        if dry_run:
            transaction.set_rollback(True)
    gone = {
        one.kind.key: one.rows
        for one in found
        if one.rows and not one.kind.only_counted
    }
    if not dry_run:
        RetentionRun.objects.create(at=terms_now(terms), erased=gone)
    return found


def terms_now(terms: Mapping[str, Terms]) -> datetime:
    """The moment that terms were made for."""
    return next((one.now for one in terms.values()), timezone.now())


def _expire(actor: Actor, kind: RetentionKind, terms: Terms) -> Expired:
    with transaction.atomic():
        counts = {
            name: number
            for name, number in sorted(kind.expire(actor, terms).items())
            if number
        }
        if kind.only_counted:
            transaction.set_rollback(True)
        elif counts:
            record_event(
                actor=actor,
                code="retention.erase",
                action="D",
                purpose=OVERSIGHT,
                object_kind="retention",
                object_id=kind.key,
            )
    return Expired(kind=kind, terms=terms, counts=counts)


def last_runs(*, most: int = 10) -> list[RetentionRun]:
    """The newest nights of tidying up; numbers only."""
    return list(RetentionRun.objects.all()[:most])


@transaction.atomic
def set_period(
    *,
    actor: Actor,
    by: User,
    kind: str,
    days: int,
    organisation: Organisation | None = None,
) -> RetentionPeriod:
    """Set how long a kind is kept, in the region or by one organisation.

    Raises
    ------
    django.core.exceptions.ValidationError
        For an unknown kind, one that has no number for an organisation, or a number of
        days that is too low or too high for it.
    """
    known = _KINDS.get(kind)
    if known is None:
        raise ValidationError(_("There is no such kind of record."))
    if organisation is not None and not known.per_organisation:
        raise ValidationError(_("This is kept as long by every organisation."))
    if not known.least <= days <= MOST_DAYS:
        raise ValidationError(
            _("Write a number of days from %(least)d to %(most)d.")
            % {"least": known.least, "most": MOST_DAYS}
        )
    row = RetentionPeriod.objects.filter(kind=kind, organisation=organisation).first()
    row = row or RetentionPeriod(kind=kind, organisation=organisation)
    row.days, row.changed_at, row.changed_by = days, timezone.now(), by
    save_checked(row)
    record_event(
        actor=actor,
        code="retention.period",
        action="U",
        purpose=OVERSIGHT,
        object_kind="retention",
        object_id=kind,
    )
    return row
