"""The day of the tests: their rows have fixed dates, so their day is fixed too.

The weeks of tests lie in November and December 2026 and in the spring after it. Were
the clock of a test the real one, they would go by one after the other; and shortly
before midnight "in an hour" would be tomorrow. The settings of the tests ask for this
before any model is loaded, so that defaults of models and programs beside the tests
have the same day. A run begins in the morning of it, and time goes by as always. The
clock of the database is left alone.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

DAY = date(2026, 11, 22)
"""The day (in UTC) that it is for the tests."""
MORNING = datetime.combine(DAY, time(10), tzinfo=UTC)
SECONDS_OFF = "TESTS_SECONDS_TAKEN_OFF"
"""In the environment: what a run of the tests and its programs take off, so that they
agree on it however long the run takes."""


def stand_on_the_day_of_tests() -> None:
    """Let ``django.utils.timezone`` tell the fixed day from now on; once is enough."""
    passed = (datetime.now(tz=UTC) - MORNING).total_seconds()
    back = timedelta(seconds=float(os.environ.setdefault(SECONDS_OFF, str(passed))))

    def now() -> datetime:
        return datetime.now(tz=UTC) - back

    timezone.now = now
