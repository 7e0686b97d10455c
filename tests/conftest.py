"""What every test shares; the plugins say what for."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.programs", "tests.browser", "tests.region_codes"]


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    """Each test starts in the site's own language, whatever the one before chose."""
    from django.utils import translation

    with translation.override("nl"):
        yield
