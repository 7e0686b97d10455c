"""What tests of publishing share: no board of another test, and a week decided on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scheduling.services import boards
from tests.publishing.decided import Decided


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    boards.forget_boards()
    yield
    boards.forget_boards()


@pytest.fixture
def world() -> Decided:
    """A published week and a draft of it; other files have a world of their own."""
    return Decided()
