"""A resident asks for a talk with one person; the coordinator arranges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actor import Actor
from audit.record import CARE, record_event
from audit.rows import save_checked
from intake.enums import TalkState
from intake.models import TalkRequest

if TYPE_CHECKING:
    from people.models import Resident, User


@transaction.atomic
def ask_talk(*, actor: Actor, resident: Resident, way: str) -> TalkRequest:
    """Ask for a talk; who already asked keeps the request, and the date, there is."""
    there = TalkRequest.objects.filter(resident=resident, state=TalkState.ASKED).first()
    if there is not None:
        return there
    request = TalkRequest(resident=resident, way=way)
    request.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            save_checked(request)
    except IntegrityError:  # two presses at the same moment
        return TalkRequest.objects.get(resident=resident, state=TalkState.ASKED)
    _log(actor, "talk.create", "C", request)
    return request


@transaction.atomic
def close_talk(
    *, actor: Actor, talk_id: int, state: str, user: User | None = None
) -> bool:
    """The talk was arranged, or is not wanted any more; whether it was still open."""
    request = (
        TalkRequest.objects.select_for_update(of=("self",))
        .select_related("resident")
        .filter(pk=talk_id, state=TalkState.ASKED)
        .first()
    )
    if request is None:
        return False
    request.state, request.closed_at, request.closed_by = state, timezone.now(), user
    save_checked(request)
    _log(actor, "talk.close", "U", request)
    return True


def _log(actor: Actor, code: str, action: str, request: TalkRequest) -> None:
    record_event(
        actor=actor,
        code=code,
        action=action,
        purpose=CARE,
        subjects=[request.resident.person_id],
        object_kind="talk",
        object_id=request.pk,
    )
