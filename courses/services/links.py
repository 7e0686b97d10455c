"""Joining and signing in by a link in a mail, without a password.

A link works once, until a time, and only when its button is pressed: programs that read
mail open links too. Whether an address is known is told to the owner of the address
alone, by mail; the page says the same to everyone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit.actor import Actor
from audit.record import OWN_DATA, record_event
from courses.models import LinkPurpose, MailLink, Offering, Series
from courses.services.ask import ask_for_offering
from courses.services.contact import AddressTaken, take_address
from courses.services.enrol import enrol
from people import services as people
from people.enums import Role
from people.selectors import person_of, resident_of
from people.services.accounts import account_by_address, resident_by_address

if TYPE_CHECKING:
    from people.models import Organisation, Person, Resident, User

SECRET_BYTES = 24
WORKS = {
    LinkPurpose.JOIN: timedelta(hours=48),
    LinkPurpose.SIGN_IN: timedelta(hours=1),
    LinkPurpose.ADDRESS: timedelta(hours=48),
}
MOST_AN_HOUR = 3
"""Links to one address an hour: nobody's mail box is filled through us."""
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


def ask_to_join(
    *,
    address: str,
    call_name: str,
    language: str,
    series: Series | None = None,
    offering: Offering | None = None,
    seats: int = 1,
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
    )
    _mail(link.address, language, secret, _join_words)


def ask_to_sign_in(*, address: str, language: str) -> None:
    """Mail a link to sign in; an unknown address gets a mail that says so."""
    if _too_many(address):
        return
    user = account_by_address(address=address)
    if user is None or not _may_sign_in(user):
        # Kept too, so that an unknown address is not mailed without end.
        link, _secret = _make(LinkPurpose.SIGN_IN, address, language, used=True)
        _mail(link.address, language, "", _unknown_words)
        return
    link, secret = _make(LinkPurpose.SIGN_IN, address, language)
    _mail(link.address, language, secret, _sign_in_words)


def ask_new_address(*, person: Person, address: str, language: str) -> None:
    """Mail a link that proves a new address; until then the old one stays."""
    if _too_many(address):
        return
    link, secret = _make(LinkPurpose.ADDRESS, address, language, person=person)
    _mail(link.address, language, secret, _address_words)


def _too_many(address: str) -> bool:
    hour = timezone.now() - timedelta(hours=1)
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
    return (
        MailLink.objects.select_related("series__offering", "offering", "person__user")
        .filter(
            secret_hash=secret_hash(secret),
            used_at=None,
            expires_at__gt=now or timezone.now(),
        )
        .first()
    )


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
        user = account_by_address(address=link.address)
        if user is None or not _may_sign_in(user):
            raise LinkOver
        _log(actor, user)
        return Used(user=user, link=link, may_sign_in=True)
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
    user = account_by_address(address=link.address)
    if user is not None:
        resident = resident_of(user=user) or _as_resident(user, link, actor)
        return user, resident
    known = resident_by_address(address=link.address)
    user = people.create_account(
        actor=actor, email=link.address, language=link.language
    )
    people.grant_role(actor=actor, user=user, role=Role.RESIDENT)
    if known is not None:
        people.update_person(actor=actor, person=known.person, user=user)
        return user, known
    return user, _as_resident(user, link, actor)


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
    """Erase links that were used or lapsed a week ago; returns how many."""
    before = (now or timezone.now()) - KEPT
    number, _tables = MailLink.objects.filter(expires_at__lt=before).delete()
    return number


# --- Words of the mails: neutral, no title of a group, no name ---------------------


def _join_words() -> tuple[str, str]:
    return (
        _("Your link"),
        _(
            "Somebody wrote this address on our site to ask for something. "
            "Was it you? Open this link and press the button. "
            "The link works once, for two days.\n\n%(link)s\n\n"
            "Was it not you? Then do nothing. We keep nothing about you."
        ),
    )


def _sign_in_words() -> tuple[str, str]:
    return (
        _("Your link to sign in"),
        _(
            "Open this link and press the button to sign in. The link works once, for "
            "one hour.\n\n%(link)s\n\nDid you not ask for this? Then do nothing."
        ),
    )


def _address_words() -> tuple[str, str]:
    return (
        _("Is this your e-mail address?"),
        _(
            "Somebody wrote this address on our site as a new address. Was it you? "
            "Open this link and press the button. The link works once, for two days."
            "\n\n%(link)s\n\nWas it not you? Then do nothing."
        ),
    )


def _unknown_words() -> tuple[str, str]:
    return (
        _("Your link to sign in"),
        _(
            "Somebody asked for a link to sign in with this address. We cannot send "
            "one to this address. Do you work here? Then sign in with your password."
            "\n\n%(link)s"
        ),
    )


def _mail(
    address: str, language: str, secret: str, words: Callable[[], tuple[str, str]]
) -> None:
    """Send at once: its reader asked for it, and the secret is kept nowhere.

    A mail server that refuses is a fault of the page, which then says so.
    """
    path = (
        reverse("courses:link", args=[secret])
        if secret
        else reverse(settings.LOGIN_URL)
    )
    with override(language):
        subject, body = words()
        EmailMessage(
            subject=subject,
            body=body % {"link": settings.GEM_SITE_URL + path},
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
        ).send()
