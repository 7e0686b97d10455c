"""What cannot go on as planned, above the week: a list with a link to each meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from courses.selectors import Concern, Trouble, concerns_between
from courses.selectors.concerns import Away, leaders_away
from scheduling import words
from scheduling.services.repairs import MOST_WEEKS

if TYPE_CHECKING:
    from scheduling.weeks import Week

WHY: dict[Trouble, str | Promise] = {
    Trouble.BOOKED: _("the owner of the room needs it"),
    Trouble.CLOSED: _("the centre is closed then"),
    Trouble.AWAY: _("a leader is away"),
    Trouble.DECLINED: _("a leader said no"),
}


@dataclass(frozen=True, kw_only=True)
class ConcernLine:
    """One meeting and why it cannot go on, in words.

    ``mend``: the page that looks for ways to mend it, filled in; empty where there is
    none, or for who does not plan the region.
    """

    session_id: UUID
    title: str
    when: str
    why: str
    href: str
    mend: str = ""


def concern_lines(
    *,
    actor: Actor,
    week: Week,
    organisation_ids: frozenset[int] | None,
) -> list[ConcernLine]:
    """The troubles of a week's coming meetings; a fixed number of queries."""
    found = concerns_between(
        actor=actor,
        start=week.start,
        end=week.end,
        organisation_ids=organisation_ids,
    )
    away = leaders_away(
        session_ids=[one.session.pk for one in found if one.trouble is Trouble.AWAY]
    )
    return [
        ConcernLine(
            session_id=one.session.pk,
            title=one.session.series.offering.title,
            when=words.moment_in_text(timezone.localtime(one.session.period.lower)),
            why=str(WHY[one.trouble]),
            href=reverse("scheduling:session", args=[one.session.pk]),
            mend=_mend(one, away.get(one.session.pk))
            if organisation_ids is None
            else "",
        )
        for one in found
    ]


def _mend(concern: Concern, away: Away | None) -> str:
    """The page that looks for ways to mend it, filled in with what is written down
    already. Empty for a leader who said no: that is asked of somebody else."""
    session, shut = concern.session, concern.shut
    day = timezone.localdate(session.period.lower)
    match concern.trouble:
        case Trouble.AWAY if away is not None:
            return _page("ziek", away.facilitator_id, away.first, away.last)
        case Trouble.CLOSED if shut is not None and session.room is not None:
            last = shut.upper - timedelta(days=1)
            return _page("centrum", session.room.centre_id, shut.lower, last)
        case Trouble.BOOKED | Trouble.CLOSED:
            return _page("bezet", session.room_id, day, day)
    return ""


def _page(what: str, about: object, first: date, last: date) -> str:
    """The report with who or what and when filled in; at most so long as it takes."""
    most = max(first, timezone.localdate()) + timedelta(weeks=MOST_WEEKS)
    asked = {
        "wie": about,
        "van": first.isoformat(),
        "tot": min(last, most).isoformat(),
    }
    return f"{reverse('scheduling:report', args=[what])}?{urlencode(asked)}"
