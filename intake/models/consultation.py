"""A helper asks a mental-health professional to think along; no resident is named."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.enums import ConsultationState, ConsultationTopic


class Consultation(models.Model):
    """A helper asks a mental-health professional to think along; no resident named."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="consultations",
        verbose_name=_("asked by"),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="consultations",
        verbose_name=_("asked for the organisation"),
    )
    topic = models.CharField(_("topic"), max_length=20, choices=ConsultationTopic)
    wished_days = DateRangeField(_("wished period"))
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=ConsultationState,
        default=ConsultationState.ASKED,
    )
    series = models.OneToOneField(
        "courses.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultation",
        verbose_name=_("planned as"),
    )
    once = models.UUIDField(
        _("mark of the form"),
        null=True,
        blank=True,
        unique=True,
        editable=False,
        help_text=_("The same form sent twice is one request."),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    declined_by = models.ManyToManyField(
        "people.Facilitator",
        blank=True,
        related_name="+",
        verbose_name=_("professionals who could not"),
    )

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wished_days__isempty=False)
                & Q(wished_days__startswith__isnull=False)
                & Q(wished_days__endswith__isnull=False),
                name="intake_consultation_days",
                violation_error_message=_(
                    "Give a first day and a last day that is not before it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(topic__in=ConsultationTopic.values)
                & Q(state__in=ConsultationState.values),
                name="intake_consultation_codes_known",
                violation_error_message=_("Choose topic and state from the lists."),
            ),
        ]

    def __str__(self) -> str:
        return f"consultation {self.pk}"
