"""The tests have one day, whatever day it is: in models and in programs beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from audit.models import AuditEvent
from config.settings.day_of_tests import DAY, DAYS_OFF
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
    # A run that goes on over midnight is one day further.
    assert 0 <= (now.astimezone(UTC).date() - DAY).days <= 1
    assert AuditEvent._meta.get_field("at").get_default() - now < MINUTE


def test_a_program_beside_the_tests_has_the_same_day() -> None:
    assert abs(told_by_a_program() - timezone.now()) < MINUTE


def test_a_program_takes_off_the_days_that_it_is_told() -> None:
    expected = datetime.now(tz=UTC) - timedelta(days=40)
    assert abs(told_by_a_program(**{DAYS_OFF: "40"}) - expected) < MINUTE
