"""What going back does not bring back, in words: groups, sessions and people.

People appear by the number of their registration, for coordinators of the region; to
others who plan as a number of people.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import words as offer_words
from courses.selectors.coordinator import series_with_offering
from courses.selectors.returning import Hindrance
from publishing.aims import Stays
from publishing.free_then import WhyNot
from scheduling import words

if TYPE_CHECKING:
    from publishing.going_back import GoingBack, StaysAway

NOT_BACK: dict[Stays, str | Promise] = {
    Stays.MERGED: gettext_lazy(
        "It was merged with another group and stays stopped. Who went along keeps the "
        "seat there; who could not waits for the next group."
    ),
    Stays.STOPPED: gettext_lazy(
        "It was stopped and stays stopped. Who was in it waits for the next group, or "
        "has a seat elsewhere."
    ),
    Stays.SPLIT: gettext_lazy(
        "It was split in two and stays so. Who went to the new group keeps the seat "
        "there, and that group goes on."
    ),
    Stays.ONLINE: gettext_lazy(
        "Only the sessions of this period get their room back. All others stay online, "
        "and the group has no room of its own any more."
    ),
    Stays.ROOM_GONE: gettext_lazy(
        "The room that it had is not in use any more. The group stays where it is now."
    ),
    Stays.CHANGED: gettext_lazy(
        "It was changed after that in another way, and stays as it is now."
    ),
    Stays.REMOVED: gettext_lazy("It was removed since."),
    Stays.LATER: gettext_lazy(
        "It came later, and this schedule does not know it. It goes on, and who is in "
        "it keeps the seat."
    ),
}
AWAY: dict[Hindrance, str | Promise] = {
    Hindrance.LEFT: gettext_lazy("does not ask for it any more"),
    Hindrance.PAUSED: gettext_lazy("pauses"),
    Hindrance.WISHES: gettext_lazy("asks for something else by now"),
    Hindrance.ELSEWHERE: gettext_lazy("has a seat in another group by now"),
    Hindrance.FULL: gettext_lazy("there is no seat left"),
    Hindrance.CLASH: gettext_lazy("has something else at that time by now"),
    Hindrance.APART: gettext_lazy(
        "somebody who must be kept apart from this person is in it"
    ),
}
NOT_HELD: dict[WhyNot, str | Promise] = {
    WhyNot.OVER: gettext_lazy("it is over, and was not held"),
    WhyNot.CHANGED: gettext_lazy("it was changed since, and stays as it is"),
    WhyNot.ROOM: gettext_lazy("another group has the room by now"),
    WhyNot.LENT: gettext_lazy("the centre lends the room to others then"),
    WhyNot.CLOSED: gettext_lazy("the centre is closed on that day"),
    WhyNot.HOURS: gettext_lazy("the centre is not open at that hour"),
    WhyNot.UNUSED: gettext_lazy("the room is not in use any more"),
    WhyNot.LEADER: gettext_lazy("a leader has another group by now"),
    WhyNot.LEAVE: gettext_lazy("a leader is away on that day"),
    WhyNot.STOPPED: gettext_lazy("a leader does not lead any more"),
}
Line = tuple[str, str]
"""What it is about, and what becomes of it."""


def not_back_in_words(back: GoingBack, *, by_person: bool) -> list[Line]:
    """Each group, session and person that going back does not restore; one query.

    ``by_person``: each person by number; otherwise how many, for each group.
    """
    series = series_with_offering(
        series_ids={
            *(one.series for one in back.lines if one.series is not None),
            *(one.series for one in back.not_held),
            *(one.series for one in back.away),
            *(key for key, _number in back.forgotten),
        }
    )
    names = {
        key: ", ".join(filter(None, (row.offering.title, offer_words.usual_time(row))))
        for key, row in series.items()
    }
    gone = _("A group that is no longer there")
    lines = [
        (names.get(one.series, gone) if one.series else gone, str(NOT_BACK[one.stays]))
        for one in back.lines
    ]
    lines += [
        (
            names[one.series],
            _("The session of %(moment)s does not come back: %(why)s.")
            % {
                "moment": words.moment_in_text(timezone.localtime(one.start)),
                "why": NOT_HELD[one.why],
            },
        )
        for one in back.not_held
    ]
    return lines + _people(back, names, by_person) + _forgotten(back, names)


def _people(
    back: GoingBack, names: Mapping[uuid.UUID, str], by_person: bool
) -> list[Line]:
    if by_person:
        return [(names[one.series], _one(one)) for one in back.away]
    counted = Counter(one.series for one in back.away)
    return [
        (
            names[key],
            ngettext(
                "%(number)s person does not get the seat back.",
                "%(number)s people do not get their seat back.",
                number,
            )
            % {"number": number},
        )
        for key, number in counted.items()
    ]


def _one(one: StaysAway) -> str:
    why = _("Registration %(number)s does not get the seat back: %(why)s.") % {
        "number": one.registration,
        "why": AWAY[one.why],
    }
    if one.keeps:
        return " ".join((why, _("This person keeps the seat that there is.")))
    if one.why is Hindrance.LEFT:
        return why
    return " ".join((why, _("This person waits, with the old place in turn.")))


def _forgotten(back: GoingBack, names: Mapping[uuid.UUID, str]) -> list[Line]:
    return [
        (
            names[key],
            ngettext(
                "Of %(number)s person who was in it nothing is kept any more.",
                "Of %(number)s people who were in it nothing is kept any more.",
                number,
            )
            % {"number": number},
        )
        for key, number in back.forgotten
    ]
