"""A resident's own question: why was I (not) placed, and what would help.

The page that asks it checks whose registration it is; this logs that it was read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from audit.actor import Actor
from audit.record import OWN_DATA, record_read
from courses.enums import OPEN_STATES, RegistrationState
from courses.selectors.coordinator import series_with_offering
from scheduling import resident_words as words
from scheduling.selectors.passes import last_published_answer
from scheduling.way_words import keys_in

if TYPE_CHECKING:
    from courses.models import Registration

HAS_SEAT = (RegistrationState.PLACED, RegistrationState.OFFERED)


@dataclass(frozen=True, kw_only=True)
class WhyNotPlaced:
    """An answer for the resident, in whole sentences of the language in use.

    ``planned_from`` is the first day of the published plan that it is about (``None``:
    of none). ``groups`` has for each thing asked for its title and why there is no
    seat; ``sentences`` are what is to be said beside or without these; ``would_help``
    what the resident could change. Nothing here is about another person.
    """

    planned_from: date | None
    sentences: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    would_help: tuple[str, ...] = ()


def why_not_placed(
    *, actor: Actor, registration: Registration, purpose: str = OWN_DATA
) -> WhyNotPlaced:
    """Why this registration has no seat, after the newest published plan.

    Drafts are never told. ``registration.resident`` should be loaded. At most three
    reads and one log line.
    """
    record_read(
        actor=actor,
        subjects=[registration.resident.person_id],
        purpose=purpose,
        code="registration.why",
        object_kind="registration",
        object_id=registration.pk,
    )
    if registration.state in HAS_SEAT:
        return WhyNotPlaced(planned_from=None, sentences=(str(words.SEATED),))
    if registration.state not in OPEN_STATES:
        return WhyNotPlaced(planned_from=None, sentences=(str(words.CLOSED),))
    answer = last_published_answer(registration_id=registration.pk)
    if answer is None:
        return WhyNotPlaced(planned_from=None, sentences=(str(words.NOT_YET),))
    if not answer.reasons:
        return WhyNotPlaced(
            planned_from=answer.first_date, sentences=(str(words.NOTHING_FITS),)
        )
    titles = _titles(answer.reasons)
    told: dict[str, dict[str, None]] = {}
    for reason in answer.reasons:
        lines = words.resident_sentences(
            reason["rules"],
            reason.get("verified", ""),
            held=reason["series"] in answer.held,
            for_all=reason.get("for_all", False),
        )
        told.setdefault(titles.get(reason["series"], ""), {}).update(
            dict.fromkeys(lines)
        )
    ways = [one for reason in answer.reasons for one in reason.get("ways", ())]
    whom = str(registration.resident.person_id)
    return WhyNotPlaced(
        planned_from=answer.first_date,
        sentences=(),
        groups=tuple((title, tuple(lines)) for title, lines in told.items()),
        would_help=tuple(words.resident_helps(ways, titles, whom)),
    )


def _titles(reasons: list[dict[str, Any]]) -> dict[str, str]:
    keys = {reason["series"] for reason in reasons}
    for reason in reasons:
        keys |= keys_in(reason.get("ways", ()), "series")
    found = series_with_offering(series_ids=[uuid.UUID(key) for key in keys])
    return {str(key): series.offering.title for key, series in found.items()}
