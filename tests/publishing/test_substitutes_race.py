"""Two colleagues say yes at the same moment: one leads, the other hears it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.at_once import at_once
from tests.publishing.test_substitutes import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_press_at_once_one_leads() -> None:
    world = World()
    world.ask(*world.able)
    links = [world.link(one) for one in world.able]
    answers = at_once(
        *(
            lambda link=link: Client().post(link, {"answer": "yes"}).status_code
            for link in links
        )
    )
    assert sorted(map(str, answers)) == ["200", "410"]
    assert len(world.led_by()) == 1
    world.session.refresh_from_db()
    assert world.session.sequence == 1
