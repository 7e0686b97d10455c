"""A resident's own number among those who wait for the same thing; nothing of others.

A number on the list of one group is in `queue.own_positions`. This is for who asked for
any group of an offering, or for help with a theme.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from courses.enums import RegistrationState
from courses.models import Registration, RegistrationChoice
from courses.selectors.queue import Waiting, asked_for, rows_of

Wish = tuple[str, int]
"""What is waited for: ("offering", id) or ("theme", id)."""


def wishes_of(registration: Registration) -> list[Wish]:
    """What a registration waits for besides groups that were chosen; no query.

    `registration` comes with its choices (`registrations_of`).
    """
    offerings = [choice.offering_id for choice in registration.choices.all()]
    found: list[Wish] = [
        ("offering", pk)
        for pk in (*offerings, registration.offering_id)
        if pk is not None
    ]
    if registration.theme_id is not None:
        found.append(("theme", registration.theme_id))
    return list(dict.fromkeys(found))


def own_numbers(
    *, registrations: Sequence[Registration]
) -> dict[tuple[int, Wish], int]:
    """Numbers in turn by (registration id, wish); 1 is next. At most four reads.

    Counted are all who wait for the offering or for one of its groups, or who asked for
    the theme, in the order of turn: need class, then time. Who paused has no number,
    and is not counted for others.
    """
    mine = [one for one in registrations if one.state == RegistrationState.WAITING]
    wanted = {wish for one in mine for wish in wishes_of(one)}
    queues = {
        ("offering", pk): group
        for pk, group in _for_offerings({pk for k, pk in wanted if k == "offering"})
    } | {
        ("theme", pk): group
        for pk, group in _for_themes({pk for k, pk in wanted if k == "theme"})
    }
    found: dict[tuple[int, Wish], int] = {}
    for wish, group in queues.items():
        own = {one.pk for one in mine if wish in wishes_of(one)}
        for number, one in enumerate(sorted(group), start=1):
            if one.pk in own:
                found[one.pk, wish] = number
    return found


def _for_offerings(ids: set[int]) -> list[tuple[int, set[Waiting]]]:
    """Who waits for each offering, or for one of its series."""
    if not ids:
        return []
    found = defaultdict(set, asked_for(ids))
    chosen = RegistrationChoice.objects.order_by().filter(series__offering__in=ids)
    for offering_id, waiting in rows_of(
        chosen, "series__offering_id", "registration__"
    ):
        found[offering_id].add(waiting)
    return list(found.items())


def _for_themes(ids: set[int]) -> list[tuple[int, set[Waiting]]]:
    """Who asked for each theme."""
    if not ids:
        return []
    found: dict[int, set[Waiting]] = defaultdict(set)
    asked = Registration.objects.order_by().filter(theme__in=ids)
    for theme_id, waiting in rows_of(asked, "theme_id", ""):
        found[theme_id].add(waiting)
    return list(found.items())
