"""Writing the catalogue: a new offering starts from the policy of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from audit.rows import save_checked
from courses.kinds import StaffNeed, policy_of
from courses.models import Offering, OfferingStaffNeed, Series, SeriesWindow, Theme

if TYPE_CHECKING:
    from datetime import time

    from people.models import Organisation, Qualification
    from rooms.models import RoomFeature


def create_theme(*, code: str, name_nl: str, name_en: str = "") -> Theme:
    """Add a theme that residents can ask for."""
    return save_checked(Theme(code=code, name_nl=name_nl, name_en=name_en))


@transaction.atomic
def create_offering(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    code: str,
    title_nl: str,
    themes: Iterable[Theme] = (),
    required_features: Iterable[RoomFeature] = (),
    staff: Sequence[StaffNeed] | None = None,
    qualification: Qualification | None = None,
    **fields: Any,
) -> Offering:
    """Add an offering; what `fields` leaves out comes from the policy of its kind.

    `staff` None takes the policy's needs; `qualification` is asked of each need.
    """
    policy = policy_of(kind)
    usual: dict[str, Any] = {
        "size_min": policy.size[0],
        "size_max": policy.size[1],
        "sessions_count": policy.sessions[1] if policy.sessions else None,
        "session_minutes": policy.minutes[1] if policy.minutes else None,
        "norm_days": policy.norm_days,
        "closed_after_session": policy.closed_after_session,
        "different_organisations": policy.different_organisations,
        "coach_minutes_per_week": policy.coach_minutes_per_week,
    }
    offering = save_checked(
        Offering(
            organisation=organisation,
            kind=kind,
            code=code,
            title_nl=title_nl,
            **(usual | fields),
        )
    )
    offering.themes.set(themes)
    offering.required_features.set(required_features)
    for need in policy.staff if staff is None else staff:
        save_checked(
            OfferingStaffNeed(
                offering=offering,
                roles=list(need.roles),
                count=need.count,
                from_size=need.from_size,
                qualification=qualification,
            )
        )
    _log(actor, "offering.create", "offering", offering.pk)
    return offering


@transaction.atomic
def create_series(
    *,
    actor: Actor,
    offering: Offering,
    windows: Sequence[tuple[int, time, time]] = (),
    **fields: Any,
) -> Series:
    """Add a series to be planned; `windows` are (ISO weekday, from, until)."""
    series = save_checked(Series(offering=offering, **fields))
    for weekday, start, end in windows:
        save_checked(SeriesWindow(series=series, weekday=weekday, start=start, end=end))
    _log(actor, "series.create", "series", series.pk)
    return series


def _log(actor: Actor, code: str, kind: str, object_id: object) -> None:
    record_event(
        actor=actor,
        code=code,
        action="C",
        purpose=ADMINISTRATION,
        object_kind=kind,
        object_id=object_id,
    )
