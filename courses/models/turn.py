"""Changes of the order of a waiting list: what, why and who, for ever.

A trigger writes a row whenever need class or date of an open registration changes,
whatever program did it; the services give it a reason and an account.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import TurnReason


class TurnChange(models.Model):
    """Somebody's turn was changed by hand: another class or date, or a seat given.

    With a `series` a seat in it was offered out of turn; without, need class or date
    of the registration went from `was` to `now`.
    """

    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        related_name="turn_changes",
        verbose_name=_("registration"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="turn_changes",
        verbose_name=_("offered out of turn in"),
    )
    was = models.CharField(_("before"), max_length=60, blank=True)
    now = models.CharField(_("after"), max_length=60, blank=True)
    reason = models.CharField(
        _("reason"), max_length=12, choices=TurnReason, default=TurnReason.IMPORTED
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(
        _("changed at"), default=timezone.now, db_default=Now()
    )

    class Meta:
        verbose_name = _("change of turn")
        verbose_name_plural = _("changes of turn")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=TurnReason.values),
                name="courses_turn_reason_known",
                violation_error_message=_("Choose a reason from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"change of turn {self.pk}"
