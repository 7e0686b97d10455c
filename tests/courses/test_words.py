"""What one person and one minute are called."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from courses import words
from people.enums import TravelMode
from tests.factories import OfferingFactory, SeriesFactory


@pytest.mark.django_db
def test_a_group_of_one_is_a_conversation_whatever_its_offering_says() -> None:
    offering = OfferingFactory(size_min=0, size_max=8)
    single = SeriesFactory(offering=offering, size_max=1)
    usual = SeriesFactory(offering=offering)
    with override("en"):
        assert words.group(single) == "You talk with a helper, without a group."
        assert words.group(usual) == "Small group, at most 8 people."


@pytest.mark.parametrize("mode", list(TravelMode))
def test_one_minute_is_not_minutes(mode: str) -> None:
    with override("en"):
        assert words.journey(1, mode).startswith("1 minute ")
        assert words.journey(2, mode).startswith("2 minutes ")
