"""What a page says of the later dates of a new group that a draft's split makes.

Its session in the draft is changed like any other; its later dates were chosen, and
judged, when the group was split, and the release makes them so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from courses import words as offer_words
from scheduling.services.split_dates import later_periods, new_half

if TYPE_CHECKING:
    from uuid import UUID

    from scheduling.models import Schedule


def stays_later(*, schedule: Schedule, series_id: UUID) -> str:
    """Which dates a change of one session leaves alone, as sentences; empty for a
    group that no split of this draft makes, or that meets in the draft alone. One
    query for other groups, four for such a one."""
    half = new_half(schedule=schedule, series_id=series_id)
    if half is None:
        return ""
    number = len(later_periods(schedule=schedule, half=half))
    if not number:
        return ""
    return ngettext(
        "This changes one date of the new group. %(number)s later date stays as it was "
        "chosen when the group was split: %(when)s. Should that be otherwise too? Take "
        "the split back, and split the group again.",
        "This changes one date of the new group. %(number)s later dates stay as they "
        "were chosen when the group was split: %(when)s. Should those be otherwise "
        "too? Take the split back, and split the group again.",
        number,
    ) % {"number": number, "when": offer_words.usual_time(half)}
