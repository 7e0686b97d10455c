"""Who changes what several people ask for locks them at one go, as all others do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.services.wishes import repeat_series
from tests.factories import (
    RegistrationChoiceFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.locking import locked_or_changed

pytestmark = pytest.mark.django_db


def test_who_waits_for_a_group_is_locked_before_anybody_chooses_the_next(actor) -> None:
    series = SeriesFactory()
    now = timezone.now()
    waiting = [
        RegistrationFactory(registered_at=now - timedelta(days=days))
        for days in (1, 3, 2)
    ]
    for one in waiting:
        RegistrationChoiceFactory(registration=one, series=series)
    with CaptureQueriesContext(connection) as seen:
        again = repeat_series(actor=actor, series=series)
    first = locked_or_changed(seen.captured_queries)[0]
    assert first == {one.pk for one in waiting}
    assert all(one.choices.filter(series=again).exists() for one in waiting)
