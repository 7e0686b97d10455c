"""A larger room, or a larger group in the catalogue, makes seats free at once.

Rooms lie below courses and know nothing of seats, and both tables are changed in the
administration too: so courses listens. What writes rows in bulk sends no signal; the
periodic sweep finds that.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_save

from audit.actor import Actor
from courses.enums import RUNNING_STATES
from courses.models import Offering, Series
from courses.services.promote import promote


def _promote(where: Q) -> None:
    running = Series.objects.filter(where, state__in=RUNNING_STATES).order_by()
    ids = set(running.values_list("pk", flat=True))
    if ids:
        promote(series_ids=ids, actor=Actor.system("courses.promote"))


def room_changed(instance: Any, created: bool, **_more: Any) -> None:
    """Offer the seats that a changed room brings."""
    if not created:
        _promote(Q(room=instance.pk))


def offering_changed(instance: Offering, created: bool, **_more: Any) -> None:
    """Offer the seats that a changed size or over-enrolment brings."""
    if not created:
        _promote(Q(offering=instance.pk))


def listen() -> None:
    """Connect the listeners; called once, when the app is ready."""
    post_save.connect(room_changed, "rooms.Room", dispatch_uid="courses.room")
    post_save.connect(offering_changed, Offering, dispatch_uid="courses.offering")
