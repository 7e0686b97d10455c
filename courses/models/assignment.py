"""Asking a leader: will you lead this? Answered on the page or by a link in a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import AssignmentState, DeclineReason

if TYPE_CHECKING:
    from courses.models.session import Session


class Assignment(models.Model):
    """A facilitator is asked to lead a series, or (with `session`) one date of it.

    The link in the mail is a token of 128 random bits of which only a hash is kept;
    it goes with the first answer, or at `token_expires_at`. A refusal changes nothing
    by itself: a coordinator finds somebody else.
    """

    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.CASCADE,
        related_name="assignments",
        verbose_name=_("facilitator"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        related_name="assignments",
        verbose_name=_("series"),
    )
    session = models.ForeignKey(
        "courses.Session",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("session"),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=AssignmentState,
        default=AssignmentState.ASKED,
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=DeclineReason, blank=True
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    token_hash = models.CharField(
        _("hash of the link"), max_length=64, null=True, blank=True, unique=True
    )
    token_expires_at = models.DateTimeField(
        _("link works until"), null=True, blank=True
    )

    if TYPE_CHECKING:  # what selectors add to a row
        coming: list[Session]

    class Meta:
        verbose_name = _("asking of a leader")
        verbose_name_plural = _("askings of leaders")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facilitator", "series", "session"],
                nulls_distinct=False,
                name="courses_assignment_once",
                violation_error_message=_("This leader was asked already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values),
                name="courses_assignment_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(state="declined", reason__in=DeclineReason.values)
                | (~Q(state="declined") & Q(reason="")),
                name="courses_assignment_no_has_reason",
                violation_error_message=_("Choose why you cannot lead this."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="courses_assignment_answer_has_time",
                violation_error_message=_("An answer has the time of answering."),
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
