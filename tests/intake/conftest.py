"""What the tests of intake share."""

import pytest

from audit.actor import Actor


@pytest.fixture
def actor() -> Actor:
    return Actor(user_id="7", role="coordinator", organisation="brug")
