"""Days from a referral to the conversation, for figures; no person is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from courses.selectors.measures import first_meetings
from intake.models import Referral


@dataclass(frozen=True, kw_only=True)
class ConversationWait:
    """A conversation held or planned: days from the referral, and the norm."""

    municipality: str
    days: int
    norm: int


def conversation_waits(*, first: date, last: date) -> list[ConversationWait]:
    """Of conversations from `first` up to and including `last`; two queries."""
    rows = Referral.objects.filter(
        registration__isnull=False, received_on__lte=last
    ).values_list(
        "registration_id",
        "resident__person__place__municipality",
        "received_on",
        "target_date",
    )
    asked = {row[0]: row[1:] for row in rows}
    held = first_meetings(registration_ids=list(asked))
    return [
        ConversationWait(
            municipality=asked[key][0] or "",
            days=(day - asked[key][1]).days,
            norm=(asked[key][2] - asked[key][1]).days,
        )
        for key, day in held.items()
        if first <= day <= last
    ]
