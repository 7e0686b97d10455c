"""Reads of requests for a talk."""

from __future__ import annotations

from collections.abc import Iterable

from audit.actor import Actor
from audit.record import CARE, record_read
from intake.enums import TalkState
from intake.models import TalkRequest


def open_talk_of(*, resident_id: int) -> TalkRequest | None:
    """The resident's own request that is not closed."""
    return TalkRequest.objects.filter(
        resident=resident_id, state=TalkState.ASKED
    ).first()


def is_in_reach(*, talk_id: int, organisation_ids: Iterable[int] | None) -> bool:
    """Whether one of these organisations keeps the data of who asked; None for all."""
    found = TalkRequest.objects.filter(pk=talk_id)
    if organisation_ids is not None:
        found = found.filter(resident__person__organisation__in=list(organisation_ids))
    return found.exists()


def open_talks(
    *, actor: Actor, organisation_ids: Iterable[int] | None
) -> list[TalkRequest]:
    """Who asks for a talk, longest waiting first, to reach them; one log line.

    `organisation_ids` are those that keep the residents' data; None for all.
    """
    found = TalkRequest.objects.filter(state=TalkState.ASKED)
    if organisation_ids is not None:
        found = found.filter(resident__person__organisation__in=list(organisation_ids))
    rows = list(found.select_related("resident__person").order_by("asked_at", "pk"))
    record_read(
        actor=actor,
        subjects=[row.resident.person_id for row in rows],
        purpose=CARE,
        code="talk.list",
        object_kind="talk",
    )
    return rows
