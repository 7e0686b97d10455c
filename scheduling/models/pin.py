"""What a coordinator fixed before a run: parts of a placement, or a seat."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SeriesPin(models.Model):
    """What must be so for a series; what is empty stays free."""

    series = models.OneToOneField(
        "courses.Series", models.CASCADE, related_name="pin", verbose_name=_("series")
    )
    first_start = models.DateTimeField(_("first start"), null=True, blank=True)
    room = models.ForeignKey(
        "rooms.Room",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    facilitators = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("facilitators"),
        default=list,
        blank=True,
    )
    closed = models.BooleanField(_("must not be held"), default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pinned by"),
    )
    made_at = models.DateTimeField(_("pinned at"), default=timezone.now)

    class Meta:
        verbose_name = _("pin of a series")
        verbose_name_plural = _("pins of series")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=False)
                | Q(first_start__isnull=True, room__isnull=True, facilitators=[]),
                name="scheduling_pin_closed_alone",
                violation_error_message=_(
                    "A series that must not be held has no time, room or leaders."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"pin {self.pk}"


class SeatPin(models.Model):
    """A registration that must sit in a series, or in none when it is empty."""

    registration = models.OneToOneField(
        "courses.Registration",
        models.CASCADE,
        related_name="seat_pin",
        verbose_name=_("registration"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pinned by"),
    )
    made_at = models.DateTimeField(_("pinned at"), default=timezone.now)

    class Meta:
        verbose_name = _("pinned seat")
        verbose_name_plural = _("pinned seats")

    def __str__(self) -> str:
        return f"pinned seat {self.pk}"
