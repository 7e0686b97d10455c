"""What a release would change, person by person: by number, with the message they get.

Who looks at this page reads about these persons, and the log says so. A name is shown
for one person, after a press of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from audit.actor import Actor
from courses.selectors.small import seat_numbers
from people.selectors import persons_by_id
from publishing.releases import for_one
from publishing.services.notices import notice_for

if TYPE_CHECKING:
    from messaging.services import Letter
    from publishing.changes import Change

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """One person: what changes, as (title, what, from what to what), and the message.

    ``message`` is the number of its words among those of the page; 0 is no message,
    because the person wants none, or (not ``told``) did not hear of what is taken back.
    """

    pk: int
    who: str
    changes: tuple[tuple[str, str, str], ...]
    message: int
    way: str
    told: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page of persons, and the words of the messages they get."""

    page: Page[int]
    people: tuple[Concerned, ...]
    messages: tuple[Letter, ...]


def sheet(
    *,
    actor: Actor,
    changes: Iterable[Change],
    number: object,
    told: Collection[int],
    returning: Mapping[int, Sequence[int]] | None = None,
) -> Sheet:
    """One page of who a release concerns, by number, participants before leaders.

    ``told``: persons who are told of it. ``returning``: registrations of who gets a
    seat back, by person. Four queries and a log line at most, however many persons and
    changes.
    """
    by_person: dict[int, list[Mapping[str, Any]]] = {}
    for change in changes:
        for pk in dict.fromkeys(change.persons):
            by_person.setdefault(pk, []).append(change.as_json())
    series = {one["series"] for found in by_person.values() for one in found}
    numbers: Mapping[int, Sequence[int]] = seat_numbers(
        person_ids=by_person, series_ids={uuid.UUID(key) for key in series}
    )
    numbers = {**(returning or {}), **numbers}
    in_order = sorted(
        by_person, key=lambda pk: (pk not in numbers, [*numbers.get(pk, ())], pk)
    )
    page = Paginator(in_order, PER_PAGE).get_page(str(number or 1))
    shown: dict[int, Sequence[Mapping[str, Any]]] = {
        pk: by_person[pk] for pk in page.object_list
    }
    in_words = iter(for_one([one for found in shown.values() for one in found]))
    words: list[Letter] = []
    people = []
    persons = {one.pk: one for one in persons_by_id(actor=actor, person_ids=shown)}
    for pk, found in shown.items():
        notice = notice_for(persons[pk]) if pk in told else None
        people.append(
            Concerned(
                pk=pk,
                who=_who(numbers.get(pk, ())),
                changes=tuple(islice(in_words, len(found))),
                message=_place(words, notice) if notice else 0,
                way=persons[pk].get_contact_channel_display(),
                told=pk in told,
            )
        )
    return Sheet(page=page, people=tuple(people), messages=tuple(words))


def _who(numbers: Sequence[int]) -> str:
    if not numbers:
        return _("A leader")
    return _("Registration %(number)s") % {
        "number": ", ".join(str(one) for one in dict.fromkeys(numbers))
    }


def _place(words: list[Letter], notice: Letter) -> int:
    """The number of these words among those of the page; new words get the next."""
    for number, one in enumerate(words, 1):
        if (one.subject, one.body) == (notice.subject, notice.body):
            return number
    words.append(notice)
    return len(words)
