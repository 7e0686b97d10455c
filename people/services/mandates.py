"""Giving, reading and ending a mandate: a supporter acts for who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, OWN_DATA, record_event, record_read
from people.enums import Role
from people.models import Mandate, MandateOrigin, Person

if TYPE_CHECKING:
    from people.models import Resident, User


@transaction.atomic
def give_mandate(
    *,
    actor: Actor,
    resident: Resident,
    supporter: User,
    in_person: bool = False,
) -> Mandate:
    """Let a client supporter act for a resident; giving it twice is once.

    Raises
    ------
    ValueError
        If the account is not a client supporter's.
    """
    if not supporter.has_role(Role.CLIENT_SUPPORTER):
        raise ValueError(f"account {supporter.pk} is no client supporter's")
    mandate, made = Mandate.objects.get_or_create(
        resident=resident,
        supporter=supporter,
        ended_at=None,
        defaults={
            "origin": MandateOrigin.IN_PERSON if in_person else MandateOrigin.OWN_PAGE
        },
    )
    if made:
        _log(actor, "mandate.give", "C", mandate)
    return mandate


@transaction.atomic
def end_mandate(*, actor: Actor, mandate: Mandate) -> None:
    """Stop a mandate at once; ending it twice is once."""
    ended = Mandate.objects.filter(pk=mandate.pk, ended_at=None).update(
        ended_at=timezone.now()
    )
    if ended:
        _log(actor, "mandate.end", "U", mandate)


def mandate_of(*, resident: Resident, mandate_id: int) -> Mandate | None:
    """A mandate of this resident; None for another's."""
    return Mandate.objects.filter(pk=mandate_id, resident=resident).first()


def mandates_of(*, resident: Resident) -> list[tuple[Mandate, str]]:
    """The resident's own running mandates, each with the supporter's name."""
    found = Mandate.objects.filter(resident=resident, ended_at=None).select_related(
        "supporter__person__organisation"
    )
    return [(one, supporter_name(one.supporter)) for one in found]


def helped_by(*, actor: Actor, supporter: User) -> list[Mandate]:
    """Residents who asked this supporter, with their persons; one log line."""
    found = list(
        Mandate.objects.filter(supporter=supporter, ended_at=None)
        .select_related("resident__person")
        .order_by("resident__person__call_name", "pk")
    )
    record_read(
        actor=actor,
        subjects=[one.resident.person_id for one in found],
        purpose=CARE,
        code="mandate.list",
        object_kind="mandate",
    )
    return found


def helped_ids(*, supporter: User) -> list[int]:
    """Ids of residents whose mandate to this supporter runs; who uses them logs it."""
    running = Mandate.objects.filter(supporter=supporter, ended_at=None)
    return list(running.values_list("resident_id", flat=True))


def supporters() -> list[tuple[int, str]]:
    """Client supporters to choose from: account id, and name with organisation."""
    found = (
        Person.objects.filter(
            user__memberships__role=Role.CLIENT_SUPPORTER, user__is_active=True
        )
        .select_related("organisation", "user")
        .order_by("call_name", "pk")
        .distinct()
    )
    return [(one.user_id or 0, _named(one)) for one in found]


def supporter_name(user: User) -> str:
    """How a supporter is called on the pages of who asked for help."""
    person = getattr(user, "person", None)
    return _named(person) if person is not None else ""


def _named(person: Person) -> str:
    if person.organisation is None:
        return person.call_name
    return f"{person.call_name} ({person.organisation.name})"


def _log(actor: Actor, code: str, action: str, mandate: Mandate) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=OWN_DATA,
        subjects=[mandate.resident.person_id],
        object_kind="mandate",
        object_id=mandate.pk,
    )
