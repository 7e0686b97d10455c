"""Seats: one seat has one owner.

A seat in a series is free, held by a draft plan, held by an offer to someone on
the waiting list, or enrolled. Free seats are never stored; they are counted while
the row of the series is locked (see courses.services), and a trigger refuses more
seats than there are, whatever program writes.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import SEAT_HOLDING, EnrolmentState

_HOLDS = Q(state__in=SEAT_HOLDING)


class Enrolment(models.Model):
    """A seat of a series for a registration; the resident is the registration's."""

    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        related_name="enrolments",
        verbose_name=_("registration"),
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="enrolments",
        verbose_name=_("resident"),
        blank=True,
        editable=False,
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        related_name="enrolments",
        verbose_name=_("series"),
    )
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=EnrolmentState,
        default=EnrolmentState.ENROLLED,
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    offer_expires_at = models.DateTimeField(_("offer lapses at"), null=True, blank=True)
    offered_at = models.DateTimeField(
        _("offered at"),
        null=True,
        blank=True,
        help_text=_("Stays, so that a refused seat is not offered again unasked."),
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["series", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=_HOLDS,
                name="courses_enrolment_one_per_registration",
                violation_error_message=_("This registration already has a seat."),
            ),
            models.UniqueConstraint(
                fields=["resident", "series"],
                condition=_HOLDS,
                name="courses_enrolment_one_per_resident",
                violation_error_message=_(
                    "This resident already has a seat in this series."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=EnrolmentState.values),
                name="courses_enrolment_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(seats__range=(1, 2)),
                name="courses_enrolment_seats",
                violation_error_message=_(
                    "An enrolment is for one seat, or two with a companion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_expires_at__isnull=False)
                | ~Q(state="offered"),
                name="courses_enrolment_offer_lapses",
                violation_error_message=_(
                    "An offer always has a day on which it lapses."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"

    def clean(self) -> None:
        """Take the resident from the registration, for the constraints."""
        super().clean()
        if self.registration_id:
            self.resident_id = self.registration.resident_id
