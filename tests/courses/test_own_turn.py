"""The own number of who asked for an offering or a theme: in the order of turn."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.actor import Actor
from courses.models import Registration
from courses.selectors import registrations_of
from courses.selectors.own_turn import own_numbers, wishes_of
from tests.factories import (
    OfferingFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db
ACTOR = Actor(user_id="1", role="resident")


def numbers(one: Registration) -> dict[Any, int]:
    """The numbers that the resident of a registration is shown, by wish."""
    mine = registrations_of(actor=ACTOR, resident_id=one.resident_id)
    return {wish: n for (_pk, wish), n in own_numbers(registrations=mine).items()}


def test_who_asked_for_a_theme_is_counted_by_need_and_then_by_time() -> None:
    theme = ThemeFactory()
    day = timezone.now() - timedelta(days=9)
    late, early, urgent = (
        RegistrationFactory(theme=theme, need_class=need, registered_at=at)
        for need, at in [(3, timezone.now()), (3, day), (2, timezone.now())]
    )
    RegistrationFactory(theme=ThemeFactory(), need_class=1)
    RegistrationFactory(theme=theme, need_class=1, state="withdrawn")
    wish = ("theme", theme.pk)
    assert [numbers(one) for one in (urgent, early, late)] == [
        {wish: 1},
        {wish: 2},
        {wish: 3},
    ]


def test_who_waits_for_one_group_of_an_offering_counts_for_the_offering() -> None:
    offering = OfferingFactory()
    first = RegistrationFactory()
    RegistrationChoiceFactory(
        registration=first, series=SeriesFactory(published=True, offering=offering)
    )
    second = RegistrationFactory(offering=offering)
    third = RegistrationFactory()
    RegistrationChoiceFactory(registration=third, offering=offering)
    RegistrationChoiceFactory(series=SeriesFactory(published=True))  # of another
    wish = ("offering", offering.pk)
    assert numbers(first) == {}  # the list of that group has its own number
    assert numbers(second) == {wish: 2}
    assert numbers(third) == {wish: 3}


def test_a_pause_gives_no_number_and_is_not_counted() -> None:
    theme = ThemeFactory()
    until = timezone.localdate() + timedelta(days=9)
    paused = RegistrationFactory(theme=theme, paused_until=until)
    after = RegistrationFactory(theme=theme)
    assert numbers(paused) == {}
    assert numbers(after) == {("theme", theme.pk): 1}
    paused.paused_until = None
    paused.save()
    assert numbers(paused) == {("theme", theme.pk): 1}
    assert numbers(after) == {("theme", theme.pk): 2}


def test_who_is_not_on_the_list_yet_has_no_number() -> None:
    theme = ThemeFactory()
    meeting = RegistrationFactory(theme=theme, state="introduction")
    assert numbers(meeting) == {}
    mine = registrations_of(actor=ACTOR, resident_id=meeting.resident_id)
    assert wishes_of(mine[0]) == [("theme", theme.pk)]


def test_numbers_cost_the_same_for_one_wish_and_for_many(
    django_assert_num_queries: Any,
) -> None:
    resident = RegistrationFactory(theme=ThemeFactory()).resident
    RegistrationFactory(resident=resident, offering=OfferingFactory())
    for _round in range(2):
        mine = registrations_of(actor=ACTOR, resident_id=resident.pk)
        with django_assert_num_queries(4):
            found = own_numbers(registrations=mine)
        assert set(found.values()) == {1}
        for _more in range(3):
            RegistrationFactory(resident=resident, theme=ThemeFactory())
            RegistrationFactory(resident=resident, offering=OfferingFactory())
