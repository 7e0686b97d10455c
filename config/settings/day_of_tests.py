"""The day of the tests: their rows have fixed dates, so their day is fixed too.

The weeks of tests lie in November and December 2026 and in the spring after it. Were
the clock of a test the real one, they would go by one after the other. The settings of
the tests ask for this before any model is loaded, so that defaults of models and
programs beside the tests have the same day. The time of day is the real one; whole days
alone are taken off. The clock of the database is left alone.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

DAY = date(2026, 11, 22)
"""The day (in UTC) that it is for the tests."""
DAYS_OFF = "TESTS_DAYS_TAKEN_OFF"
"""In the environment: the days that a run of the tests and its programs take off, so
that they agree on it when midnight passes."""


def stand_on_the_day_of_tests() -> None:
    """Let ``django.utils.timezone`` tell the fixed day from now on; once is enough."""
    today = datetime.now(tz=UTC).date()
    days = os.environ.setdefault(DAYS_OFF, str((today - DAY).days))
    back = timedelta(days=int(days))

    def now() -> datetime:
        return datetime.now(tz=UTC) - back

    timezone.now = now
