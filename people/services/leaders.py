"""Changing and taking away leaders: who they are, what they may lead and can carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import lock_row, remove_row, save_checked, set_facts, standing_on
from people.models import Certificate, Facilitator, Person
from people.models.availability import always
from people.services import create_facilitator, create_person, days_between

PERSON_FACTS = (
    "call_name", "alias", "contact_channel", "contact_address", "languages",
)  # fmt: skip
LEADER_FACTS = (
    "organisation", "staff_roles", "travel_base", "max_minutes_per_week",
    "max_sessions_per_day", "max_span_minutes_per_day", "max_days_per_week",
    "max_block_minutes", "active",
)  # fmt: skip
PERSON_PARTS = (
    "people.AvailabilityWindow", "people.AvailabilityException", "people.HalfDayWish",
)  # fmt: skip
LEADER_PARTS = ("people.Certificate", "people.Leave")
EVER = always().lower


def leader_facts(leader: Facilitator) -> dict[str, Any]:
    """The facts of a leader; `certificates` as (qualification, first, last day).

    The dates are None where they are open; what the person is called and speaks is
    among them.
    """
    person = leader.person
    facts = {name: getattr(person, name) for name in PERSON_FACTS}
    facts |= {name: getattr(leader, name) for name in LEADER_FACTS}
    for name in ("languages", "staff_roles"):
        facts[name] = sorted(facts[name])
    rows = leader.certificates.order_by("qualification__name", "pk")
    facts["certificates"] = [(one.qualification_id, *_ends(one.valid)) for one in rows]
    return facts


def _ends(valid: DateRange) -> tuple[date | None, date | None]:
    first = None if valid.lower in (None, EVER) else valid.lower
    last = None if valid.upper is None else valid.upper - timedelta(days=1)
    return first, last


def _range(first: date | None, last: date | None) -> DateRange:
    if last is None:
        return DateRange(first or EVER, None)
    return days_between(first or EVER, last)


@transaction.atomic
def add_leader(
    *, actor: Actor, person: Mapping[str, Any], leader: Mapping[str, Any]
) -> Facilitator:
    """A new person who leads for an organisation, which keeps the data.

    Raises
    ------
    django.core.exceptions.ValidationError
        By field, before anything is kept.
    """
    made = create_person(
        actor=actor, organisation=leader["organisation"], **dict(person)
    )
    return create_facilitator(actor=actor, person=made, **dict(leader))


@transaction.atomic
def keep_leader(
    *, actor: Actor, leader: Facilitator, facts: Mapping[str, Any], version: str
) -> Facilitator:
    """Give a leader these facts, if nobody changed them since that version.

    Facts of the person are changed too, as far as they are among `facts`.

    Raises
    ------
    audit.rows.StaleRow
        Somebody changed them meanwhile; nothing is written.
    django.core.exceptions.ValidationError
        By field, before anything is kept.
    """
    person = Person.objects.select_for_update().get(pk=leader.person_id)
    fresh = lock_row(leader, version=version, read=leader_facts)
    own = {name: facts[name] for name in PERSON_FACTS if name in facts}
    if own:
        set_facts(person, own)
    set_facts(fresh, {name: facts[name] for name in LEADER_FACTS if name in facts})
    if "certificates" in facts:
        _set_certificates(fresh, facts["certificates"])
    _log(actor, "facilitator.update", "U", fresh.person_id, fresh.pk)
    return fresh


def _set_certificates(leader: Facilitator, rows: Iterable[tuple[Any, ...]]) -> None:
    leader.certificates.all().delete()
    for qualification_id, first, last in rows:
        save_checked(
            Certificate(
                facilitator=leader,
                qualification_id=qualification_id,
                valid=_range(first, last),
            )
        )


@transaction.atomic
def remove_leader(*, actor: Actor, leader: Facilitator) -> None:
    """Delete a leader who leads and led nothing; the person too, if that is all.

    A person who has an account or plays another part stays.

    Raises
    ------
    django.core.exceptions.ValidationError
        Naming what belongs to the leader: make the leader inactive instead.
    """
    person = Person.objects.select_for_update().get(pk=leader.person_id)
    fresh = lock_row(leader, version=None, read=leader_facts)
    remove_row(fresh, parts=LEADER_PARTS)
    if person.user_id is None and not standing_on(person, parts=PERSON_PARTS):
        person.delete()
    _log(actor, "facilitator.delete", "D", leader.person_id, leader.pk)


def _log(
    actor: Actor, code: str, action: str, person_id: int, object_id: object
) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=ADMINISTRATION,
        subjects=[person_id],
        object_kind="facilitator",
        object_id=object_id,
    )
