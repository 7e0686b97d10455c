"""A series as residents see it: what it is, whether there is a place, what to do.

Nothing here names or counts anybody but by numbers, so it is the same for everyone
who looks; only what the reader himself has (`Own`) is added for a resident.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import words
from courses.kinds import OfferingPolicy, WayIn
from courses.models import Offering, Series, Session
from courses.selectors.queue import NOBODY, Queue


class Act(StrEnum):
    """What a resident can do with a series."""

    JOIN = "join"
    WAIT = "wait"
    WALK_IN = "walk_in"
    REFERRAL = "referral"
    LATER = "later"  # a closed group that has begun


class Own(StrEnum):
    """What the reader himself has in a series."""

    NOTHING = ""
    SEAT = "seat"
    OFFER = "offer"
    WAITING = "waiting"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One series in words; `minutes` is the reader's journey, where it is known."""

    series: Series
    act: Act
    pill: str
    tone: str
    icon: str | None
    when: str
    time: str
    place: str
    journey: str = ""
    minutes: int | None = None
    own: Own = Own.NOTHING

    @property
    def offering(self) -> Offering:
        """The offering this is a run of."""
        return self.series.offering

    @property
    def group(self) -> str:
        """How large the group is."""
        return words.group(self.series)

    @property
    def coming(self) -> list[Session]:
        """The meetings that are still to come."""
        return self.series.coming_sessions

    @property
    def at_a_place(self) -> bool:
        """Whether one has to go somewhere."""
        return self.series.room is not None or self.offering.format == "in_person"

    @property
    def has_place(self) -> bool:
        """Whether one can begin without waiting."""
        return self.act in {Act.JOIN, Act.WALK_IN}


@dataclass(frozen=True, kw_only=True)
class Journey:
    """How long the reader travels to a place: minutes by place id, and by what."""

    mode: str
    minutes: Mapping[int, int]


def cards(
    series_list: Iterable[Series],
    *,
    queues: Mapping[uuid.UUID, Queue],
    own: Mapping[uuid.UUID, Own] | None = None,
    journey: Journey | None = None,
) -> list[Card]:
    """Cards for series that `open_series` gave; no query."""
    return [
        card(
            series,
            queue=queues.get(series.pk, NOBODY),
            own=(own or {}).get(series.pk, Own.NOTHING),
            journey=journey,
        )
        for series in series_list
    ]


def card(
    series: Series,
    *,
    queue: Queue = NOBODY,
    own: Own = Own.NOTHING,
    journey: Journey | None = None,
) -> Card:
    """One card; no query."""
    act, pill, tone, icon = _state(series, queue)
    if own is Own.WAITING:  # the same, whatever is free for others
        pill, tone, icon = _("You wait for this"), "warn", "hourglass"
    minutes = None
    if journey is not None and series.room is not None:
        minutes = journey.minutes.get(series.room.centre.place_id)
    first = series.coming_sessions[0] if series.coming_sessions else None
    return Card(
        series=series,
        act=act,
        pill=pill,
        tone=tone,
        icon=icon,
        when=words.rhythm(series),
        time=words.session_hours(first) if first is not None else "",
        place=words.place(series),
        journey=(
            words.journey(minutes, journey.mode)
            if journey is not None and minutes is not None
            else ""
        ),
        minutes=minutes,
        own=own,
    )


def act_of(
    policy: OfferingPolicy, *, closed_after: int | None, held: int, free: int
) -> Act:
    """What can be done: `held` meetings are past, `free` seats nobody waits for."""
    if policy.way_in == WayIn.WALK_IN:
        return Act.WALK_IN
    if closed_after is not None and held >= closed_after:
        return Act.LATER
    if policy.way_in != WayIn.FREE:
        return Act.REFERRAL
    return Act.JOIN if free > 0 else Act.WAIT


def _state(series: Series, queue: Queue) -> tuple[Act, str, str, str | None]:
    """What to do, its words, their tone, and an icon if not the tone's own."""
    offering = series.offering
    policy = offering.policy
    free = series.seats_open - queue.seats
    act = act_of(
        policy,
        closed_after=offering.closed_after_session,
        held=series.sessions_held,
        free=free,
    )
    if act is Act.WALK_IN:
        return act, _("You can just walk in"), "ok", "door-open"
    if act is Act.LATER:
        return act, _("Already started"), "plain", None
    if act is Act.REFERRAL:
        return act, _("With a referral"), "info", None
    if act is Act.WAIT:
        number = _("Full · you would be number %(number)s") % {
            "number": queue.ahead + 1
        }
        return act, number, "warn", "hourglass"
    if policy.self_paced:
        return Act.JOIN, _("You can start at once"), "ok", None
    places = ngettext("%(free)s place free", "%(free)s places free", free)
    return Act.JOIN, places % {"free": free}, "ok", None
