"""How long publishing keeps what: addresses, releases, and whom nothing is left of."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from people.services.erasure import erase_forgotten
from people.services.retention import Counts, RetentionKind, Terms, add_kind
from publishing.models import ChangedSeat, FeedToken, Release


def _addresses(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    return FeedToken.objects.filter(terms.past("revoked_at")).delete()[1]


def _releases(actor: Actor, terms: Terms) -> Counts:  # noqa: ARG001 (as all kinds)
    """What changed stays; for whom goes, and so what brings their seats back."""
    blanked = []
    for row in Release.objects.filter(terms.past("released_at")).only("changes"):
        if any(change.get("persons") for change in row.changes):
            row.changes = [{**change, "persons": []} for change in row.changes]
            blanked.append(row)
    Release.objects.bulk_update(blanked, ["changes"])
    past = terms.past("release__released_at", person="registration__resident__person")
    seats = ChangedSeat.objects.filter(past)
    return {"publishing.Release": len(blanked), **seats.delete()[1]}


def _forgotten(actor: Actor, terms: Terms) -> Counts:
    """Here, because only the highest app may name all that others keep."""
    nothing_left = Q(
        registrations__isnull=True, referrals__isnull=True, talk_requests__isnull=True
    )
    return dict(
        erase_forgotten(
            actor=actor,
            since=terms.cutoff,
            nothing_left=nothing_left,
            held=terms.held,
        )
    )


def add_kinds() -> None:
    """Called when the app starts."""
    add_kind(
        RetentionKind(
            key="persons",
            title=_("Residents of whom nothing is left"),
            counts_from=_("the last line about them in the access log"),
            why=_("No registration, referral or wish to talk is kept any more."),
            days=365,
            expire=_forgotten,
            order=90,
        )
    )
    add_kind(
        RetentionKind(
            key="addresses",
            title=_("Calendar addresses that were stopped"),
            counts_from=_("the day on which it was stopped"),
            why=_("To answer who could read an agenda."),
            days=365,
            expire=_addresses,
            order=41,
        )
    )
    add_kind(
        RetentionKind(
            key="releases",
            title=_("Whom a published change concerned"),
            counts_from=_("the day of publishing"),
            why=_("What changed stays, without the numbers of persons."),
            days=365,
            expire=_releases,
            order=42,
        )
    )
