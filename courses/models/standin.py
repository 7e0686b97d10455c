"""A leader asks colleagues to take over one meeting; the first who says yes does."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import StandInState


class StandInAsk(models.Model):
    """A facilitator is asked to lead one session in the place of another leader.

    `period` is when the session was to be when the question was put: a yes to another
    time is no yes. Of the link only a hash is kept; it goes with the answer.
    """

    session = models.ForeignKey(
        "courses.Session",
        models.CASCADE,
        related_name="stand_in_asks",
        verbose_name=_("session"),
    )
    missing = models.ForeignKey(
        "people.Facilitator",
        models.CASCADE,
        related_name="stand_ins_wanted",
        verbose_name=_("leader who cannot come"),
    )
    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.CASCADE,
        related_name="stand_in_asks",
        verbose_name=_("facilitator"),
    )
    period = DateTimeRangeField(_("period"))
    state = models.CharField(
        _("state"), max_length=10, choices=StandInState, default=StandInState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    token_hash = models.CharField(
        _("hash of the link"), max_length=64, null=True, blank=True, unique=True
    )

    class Meta:
        verbose_name = _("asking of a substitute")
        verbose_name_plural = _("askings of substitutes")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "missing", "facilitator"],
                condition=Q(state__in=["asked", "accepted"]),
                name="courses_stand_in_asked_once",
                violation_error_message=_("This colleague was asked already."),
            ),
            models.UniqueConstraint(
                fields=["session", "missing"],
                condition=Q(state="accepted"),
                name="courses_stand_in_first",
                violation_error_message=_("Somebody else said yes already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=StandInState.values),
                name="courses_stand_in_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="courses_stand_in_answer_has_time",
                violation_error_message=_("An answer has the time of answering."),
            ),
            models.CheckConstraint(
                condition=~Q(facilitator=F("missing")),
                name="courses_stand_in_other",
                violation_error_message=_("Nobody takes over from himself."),
            ),
        ]

    def __str__(self) -> str:
        return f"asking of a substitute {self.pk}"
