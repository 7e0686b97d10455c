"""Hours beside the usual ones in which a centre lets our groups use a room.

Who plans asks a centre for one room more in a part of the week; the centre answers, and
says which room. Only what was given is planned in. It says nothing of what it is for.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.enums import HoursState

DAYS_OF_WEEK = (1, 7)


class ExtraHours(models.Model):
    """A room for our groups on one weekday from start to end, within some days."""

    centre = models.ForeignKey(
        "rooms.Centre",
        models.CASCADE,
        related_name="extra_hours",
        verbose_name=_("centre"),
    )
    room = models.ForeignKey(
        "rooms.Room",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="extra_hours",
        verbose_name=_("room that was given"),
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))
    days = DateRangeField(_("days"))
    chairs = models.PositiveSmallIntegerField(_("chairs needed"), default=12)
    features = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("needed of the room"),
        default=list,
        blank=True,
    )
    state = models.CharField(
        _("state"), max_length=10, choices=HoursState, default=HoursState.ASKED
    )
    asked_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("extra hours of a room")
        verbose_name_plural = _("extra hours of rooms")
        ordering = ["centre", "weekday", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start"), weekday__range=DAYS_OF_WEEK),
                name="rooms_extra_end_after_start",
                violation_error_message=_(
                    "Choose a weekday, and an end that comes after the start."
                ),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False)
                & Q(days__startswith__isnull=False)
                & Q(days__endswith__isnull=False),
                name="rooms_extra_days",
                violation_error_message=_(
                    "Give a first day and a last day that is not before it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=HoursState.values),
                name="rooms_extra_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=~Q(state="given") | Q(room__isnull=False),
                name="rooms_extra_given_has_room",
                violation_error_message=_("Say which room it is."),
            ),
        ]

    def __str__(self) -> str:
        return f"extra hours {self.pk}"
