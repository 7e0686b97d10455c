"""A resident asks for a talk with one person, beside whatever else is planned."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.enums import TalkState, TalkWay


class TalkRequest(models.Model):
    """A request to the coordinator. Why is not asked and has no field."""

    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="talk_requests",
        verbose_name=_("resident"),
    )
    way = models.CharField(_("way"), max_length=10, choices=TalkWay)
    state = models.CharField(
        _("state"), max_length=10, choices=TalkState, default=TalkState.ASKED
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    class Meta:
        verbose_name = _("request for a talk")
        verbose_name_plural = _("requests for a talk")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident"],
                condition=Q(state="asked"),
                name="intake_talk_one_open",
                violation_error_message=_("You already asked for a talk."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=TalkState.values) & Q(way__in=TalkWay.values),
                name="intake_talk_codes_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"request for a talk {self.pk}"
