"""A wish that somebody adds for a registration, and the help allowed with it."""

from __future__ import annotations

import pytest

from audit.actor import Actor
from audit.models import AuditEvent
from courses.services.wishes import add_wish
from tests.scheduling.rows import a_group, asks_for

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")


def test_help_that_is_allowed_is_logged_also_for_a_wish_that_was_there() -> None:
    offering = a_group()
    registration = asks_for(offering, allowed_levels=[2])
    assert registration.choices.filter(offering=offering).exists()
    before = AuditEvent.objects.count()
    asked = {"registration_id": registration.pk, "offering": offering, "allow": True}
    assert add_wish(actor=ACTOR, **asked) is None
    registration.refresh_from_db()
    assert registration.allowed_levels == [1, 2]
    assert AuditEvent.objects.count() == before + 1
    assert add_wish(actor=ACTOR, **asked) is None
    assert AuditEvent.objects.count() == before + 1
