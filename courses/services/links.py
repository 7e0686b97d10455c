"""Joining and signing in by a link in a mail, without a password.

A link works once, until a time, and only when its button is pressed: programs that read
mail open links too. Whether an address is known is told to the owner of the address
alone, by mail; the page says the same to everyone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actor import Actor
from audit.record import OWN_DATA, record_event
from courses.models import LinkPurpose, MailLink, Offering, Series
from courses.services import link_words
from courses.services.ask import ask_for_offering
from courses.services.contact import AddressTaken, take_address
from courses.services.enrol import enrol
from messaging.enums import MessageKind
from messaging.services import Wording, letter, queue_letters
from people import services as people
from people.enums import Role
from people.selectors import person_of, resident_of
from people.services.accounts import account_by_address, resident_by_address

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import Organisation, Person, Resident, User

SECRET_BYTES = 24
WORKS = {
    LinkPurpose.JOIN: timedelta(hours=48),
    LinkPurpose.SIGN_IN: timedelta(hours=1),
    LinkPurpose.ADDRESS: timedelta(hours=48),
}
MOST_AN_HOUR = 3
"""Links to one address an hour: nobody's mail box is filled through us."""
MOST_BY_CALLER = 20
"""Mails an hour that one network address may have sent, to whomever."""
COUNTED = timedelta(hours=1)
KEPT = timedelta(days=7)


class LinkOver(Exception):
    """The link was used, is too old, or never was one."""


@dataclass(frozen=True, kw_only=True)
class Used:
    """What came of a link: whose it is, and why joining did not work if it did not."""

    user: User | None
    link: MailLink
    may_sign_in: bool
    refused: list[str] = field(default_factory=list)


def secret_hash(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def ask_to_join(
    *,
    address: str,
    call_name: str,
    language: str,
    series: Series | None = None,
    offering: Offering | None = None,
    seats: int = 1,
    caller: str = "",
) -> None:
    """Mail a link that joins a group, or waits for the next one of an offering."""
    if _too_many(address):
        return
    link, secret = _make(
        LinkPurpose.JOIN,
        address,
        language,
        series=series,
        offering=offering,
        call_name=call_name,
        seats=seats,
        asked_by=caller,
    )
    _mail(link, secret, link_words.JOIN, _keeper(link))


@transaction.atomic
def ask_to_sign_in(*, address: str, language: str, caller: str = "") -> None:
    """Mail a link to sign in; an unknown address gets a mail that says so."""
    if _too_many(address):
        return
    may, organisation = _reader(address)
    if not may:
        # Kept too, so that an unknown address is not mailed without end.
        link, _secret = _make(
            LinkPurpose.SIGN_IN, address, language, used=True, asked_by=caller
        )
        _mail(link, "", link_words.UNKNOWN)
        return
    link, secret = _make(LinkPurpose.SIGN_IN, address, language, asked_by=caller)
    _mail(link, secret, link_words.SIGN_IN, organisation)


@transaction.atomic
def ask_new_address(
    *, person: Person, address: str, language: str, caller: str = ""
) -> None:
    """Mail a link that proves a new address; until then the old one stays."""
    if _too_many(address):
        return
    link, secret = _make(
        LinkPurpose.ADDRESS, address, language, person=person, asked_by=caller
    )
    _mail(link, secret, link_words.ADDRESS, person.organisation)


def asked_too_often(*, caller: str) -> bool:
    """Whether one caller had more mails sent this hour than a person would.

    Counted in the database, so that several web processes share one count. `caller` is
    what `ask_to_join` and the others were given: a keyed hash of a network address.
    """
    hour = timezone.now() - COUNTED
    made = MailLink.objects.filter(asked_by=caller, made_at__gt=hour)
    return made.count() >= MOST_BY_CALLER


def _reader(address: str) -> tuple[bool, Organisation | None]:
    """Whether a press would sign the owner in, and which organisation speaks to him."""
    user = account_by_address(address=address)
    if user is None:
        known = resident_by_address(address=address)
        return known is not None, known.person.organisation if known else None
    person = person_of(user=user)
    return _may_sign_in(user), person.organisation if person is not None else None


def _too_many(address: str) -> bool:
    hour = timezone.now() - COUNTED
    made = MailLink.objects.filter(address=address.strip().lower(), made_at__gt=hour)
    return made.count() >= MOST_AN_HOUR


def _make(
    purpose: LinkPurpose,
    address: str,
    language: str,
    *,
    used: bool = False,
    **more: object,
) -> tuple[MailLink, str]:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    link = MailLink(
        purpose=purpose,
        secret_hash=secret_hash(secret),
        address=address.strip().lower(),
        language=language,
        made_at=now,
        expires_at=now + WORKS[purpose],
        used_at=now if used else None,
        **more,
    )
    link.full_clean()
    link.save(force_insert=True)
    return link, secret


def live_link(*, secret: str, now: datetime | None = None) -> MailLink | None:
    """The link behind a secret as long as it works; looking changes nothing."""
    works = {"used_at": None, "expires_at__gt": now or timezone.now()}
    return _links(secret).filter(**works).first()


def lapsed_link(*, secret: str, now: datetime | None = None) -> MailLink | None:
    """The link behind a secret that came too late and was never used; kept a week."""
    late = {"used_at": None, "expires_at__lte": now or timezone.now()}
    return _links(secret).filter(**late).first()


def _links(secret: str) -> QuerySet[MailLink]:
    found = MailLink.objects.filter(secret_hash=secret_hash(secret))
    return found.select_related("series__offering", "offering", "person__user")


@transaction.atomic
def use_link(*, secret: str) -> Used:
    """Do what the link is for, once.

    Raises
    ------
    LinkOver
        For a link that does not work (any more); nothing has changed then.
    """
    link = live_link(secret=secret)
    if link is None or not MailLink.objects.filter(pk=link.pk, used_at=None).update(
        used_at=timezone.now()
    ):
        raise LinkOver
    actor = Actor(user_id=f"link:{link.pk}", role="link")
    if link.purpose == LinkPurpose.SIGN_IN:
        owner = _account_of(link, actor)
        if owner is None or not _may_sign_in(owner):
            raise LinkOver
        _log(actor, owner)
        return Used(user=owner, link=link, may_sign_in=True)
    if link.purpose == LinkPurpose.ADDRESS:
        return _prove(link, actor)
    user, resident = _whose(link, actor)
    _log(actor, user)
    refused: list[str] = []
    try:
        with transaction.atomic():
            if link.series is not None:
                enrol(
                    series=link.series, resident=resident, actor=actor, seats=link.seats
                )
            elif link.offering is not None:
                ask_for_offering(resident=resident, offering=link.offering, actor=actor)
    except ValidationError as why:
        refused = why.messages
    return Used(user=user, link=link, may_sign_in=_may_sign_in(user), refused=refused)


def _prove(link: MailLink, actor: Actor) -> Used:
    """Change the address; the link signs nobody in."""
    refused: list[str] = []
    try:
        take_address(actor=actor, link=link)
    except AddressTaken:
        refused = [_("There is already an account with this address.")]
    user = link.person.user if link.person is not None else None
    if user is not None:
        _log(actor, user)
    return Used(user=user, link=link, may_sign_in=False, refused=refused)


def _whose(link: MailLink, actor: Actor) -> tuple[User, Resident]:
    """The account and resident of an address that was proven; made where missing."""
    user = _account_of(link, actor) or _new_account(link, actor)
    return user, resident_of(user=user) or _as_resident(user, link, actor)


def _account_of(link: MailLink, actor: Actor) -> User | None:
    """The account of an address that was proven.

    A resident whom a helper wrote down with this address has none yet: it is made now.
    None for an address of nobody.
    """
    user = account_by_address(address=link.address)
    known = resident_by_address(address=link.address) if user is None else None
    if known is None:
        return user
    user = _new_account(link, actor)
    people.update_person(actor=actor, person=known.person, user=user)
    return user


def _new_account(link: MailLink, actor: Actor) -> User:
    user = people.create_account(
        actor=actor, email=link.address, language=link.language
    )
    people.grant_role(actor=actor, user=user, role=Role.RESIDENT)
    return user


def _as_resident(user: User, link: MailLink, actor: Actor) -> Resident:
    person = person_of(user=user) or people.create_person(
        actor=actor,
        call_name=link.call_name,
        contact_address=link.address,
        organisation=_keeper(link),
        user=user,
    )
    return people.create_resident(actor=actor, person=person)


def _keeper(link: MailLink) -> Organisation:
    """Who keeps the data: the organisation whose group it is."""
    offering = link.offering or (link.series.offering if link.series else None)
    if offering is None:
        raise ValueError(f"link {link.pk} joins nothing")
    return offering.organisation


def _may_sign_in(user: User) -> bool:
    """Whether a link is enough: not for staff, nor who asked for a second step."""
    from allauth.mfa.utils import is_mfa_enabled  # needs loaded models

    return user.is_active and not user.needs_two_factor and not is_mfa_enabled(user)


def _log(actor: Actor, user: User) -> None:
    record_event(
        actor=actor,
        code="link.use",
        action="E",
        purpose=OWN_DATA,
        object_kind="account",
        object_id=user.pk,
    )


def forget_links(*, now: datetime | None = None) -> int:
    """Erase links that were used or lapsed a week ago; returns how many.

    Who asked is forgotten as soon as it no longer counts.
    """
    at = now or timezone.now()
    counted = MailLink.objects.filter(made_at__lt=at - COUNTED)
    counted.exclude(asked_by="").update(asked_by="")
    number, _tables = MailLink.objects.filter(expires_at__lt=at - KEPT).delete()
    return number


def _mail(
    link: MailLink,
    secret: str,
    wording: Wording,
    organisation: Organisation | None = None,
) -> None:
    """Put it in the outbox, where nobody reads it; it goes at once and is wiped then.

    Its reader asked for it just now, so it goes in quiet hours too. A mail server that
    refuses is tried again, and is no fault of the page.
    """
    path = (
        reverse("courses:link", args=[secret])
        if secret
        else reverse(settings.LOGIN_URL)
    )
    one = letter(
        wording,
        key=f"link-{link.pk}",
        address=link.address,
        organisation=organisation,
        language=link.language,
        link=f"{settings.GEM_SITE_URL}{path}",
        kind=MessageKind.ACCOUNT,
        secret=True,
        urgent=True,
        review=False,
    )
    queue_letters(actor=Actor.system("courses.links"), letters=[one])
