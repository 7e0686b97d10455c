"""What every test shares; the plugins say what for."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

pytest_plugins = ["tests.programs", "tests.browser", "tests.region_codes"]


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    """Each test starts in the site's own language, whatever the one before chose."""
    from django.utils import translation

    with translation.override("nl"):
        yield


@pytest.fixture(autouse=True)
def _nothing_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """For planning no week of a test has gone by, not even one before the day of the
    tests (`config.settings.day_of_tests`). A test about that stands at a moment of its
    own (`clock.standing_at`)."""
    from scheduling.services import clock

    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(clock, "wall_clock", lambda: long_ago)
