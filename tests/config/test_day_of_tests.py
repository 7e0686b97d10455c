"""The tests have one day, whatever day it is: in models and in programs beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from audit.models import AuditEvent
from config.settings.day_of_tests import DAY, MORNING, SECONDS_OFF
from tests.other_program import ROOT

TELL = (
    "from django.conf import settings; settings.DEBUG; "
    "from django.utils import timezone; print(timezone.now().isoformat())"
)
MINUTE = timedelta(minutes=1)


def told_by_a_program(**environment: str) -> datetime:
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        env=os.environ | settings | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return datetime.fromisoformat(done.stdout.strip())


def test_models_have_the_day_of_the_tests() -> None:
    now = timezone.now()
    # A run takes less than the hours that are left of the day.
    assert now.astimezone(UTC).date() == DAY
    assert now >= MORNING
    assert AuditEvent._meta.get_field("at").get_default() - now < MINUTE


def test_a_program_beside_the_tests_has_the_same_day() -> None:
    assert abs(told_by_a_program() - timezone.now()) < MINUTE


def test_a_program_takes_off_what_it_is_told() -> None:
    back = timedelta(days=40, hours=3)
    told = told_by_a_program(**{SECONDS_OFF: str(back.total_seconds())})
    assert abs(told - (datetime.now(tz=UTC) - back)) < MINUTE
