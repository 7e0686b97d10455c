"""Who was there, as numbers: by session, for whoever coordinates; no person.

Lists that nobody filled in are counted apart, so that they can be asked for.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, AttendanceSheet, Enrolment, Series, Session

TAKING_PART = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """One session that is over: how many came, stayed away, or were not noted.

    ``visitors``: how many walked in where nobody enrols, ``None`` if nobody counted.
    """

    session: Session
    present: int
    absent: int
    unknown: int
    visitors: int | None = None

    @property
    def expected(self) -> int:
        return self.present + self.absent + self.unknown

    @property
    def missing(self) -> bool:
        """Whether its list was never filled in, though there is something to note."""
        if not self.session.series.offering.policy.takes_registrations:
            return self.visitors is None
        return self.unknown > 0 and self.present + self.absent == 0


def presences(
    *,
    start: datetime,
    end: datetime,
    organisation_ids: Collection[int] | None = None,
    session_id: uuid.UUID | None = None,
) -> list[Presence]:
    """Sessions that took place and ended in the period, in order of time.

    Five queries, numbers only. `session_id`: this one only.
    """
    found = (
        Session.objects.filter(
            state=SessionState.PUBLISHED, period__overlap=DateTimeTZRange(start, end)
        )
        .annotate(ends=F("period__endswith"))
        .filter(ends__lte=end, ends__gte=start)
    )
    if organisation_ids is not None:
        found = found.filter(series__offering__organisation__in=list(organisation_ids))
    if session_id is not None:
        found = found.filter(pk=session_id)
    sessions = list(found.order_by("period", "pk"))
    # Read once, and not with each of its sessions.
    ids = {one.series_id for one in sessions}
    series = Series.objects.select_related("offering").in_bulk(list(ids))
    for one in sessions:
        one.series = series[one.series_id]
    noted, visitors = _noted(sessions)
    members: dict[uuid.UUID, list[tuple[int, datetime]]] = defaultdict(list)
    rows = Enrolment.objects.filter(
        series__in=series, state__in=TAKING_PART
    ).values_list("series_id", "pk", "made_at")
    for series_id, pk, made_at in rows:
        members[series_id].append((pk, made_at))
    return [
        _presence(
            one, members[one.series_id], noted.get(one.pk, {}), visitors.get(one.pk)
        )
        for one in sessions
    ]


def _noted(
    sessions: Sequence[Session],
) -> tuple[dict[uuid.UUID, dict[int, bool]], dict[uuid.UUID, int | None]]:
    """There or not by enrolment, and visitors, both by session."""
    keys = [one.pk for one in sessions]
    noted: dict[uuid.UUID, dict[int, bool]] = defaultdict(dict)
    rows = Attendance.objects.filter(sheet__session__in=keys).values_list(
        "sheet__session_id", "enrolment_id", "there"
    )
    for session_id, enrolment_id, there in rows:
        noted[session_id][enrolment_id] = any(there)
    sheets = AttendanceSheet.objects.filter(session__in=keys)
    return noted, dict(sheets.values_list("session_id", "visitors"))


def _presence(
    session: Session,
    members: list[tuple[int, datetime]],
    noted: dict[int, bool],
    visitors: int | None,
) -> Presence:
    counts = Counter(noted.values())
    takes = session.series.offering.policy.takes_registrations
    # Who came into the group later was not expected yet.
    expected = {pk for pk, made_at in members if made_at <= session.period.upper}
    return Presence(
        session=session,
        present=counts[True],
        absent=counts[False],
        unknown=len(expected - set(noted)) if takes else 0,
        visitors=visitors,
    )
