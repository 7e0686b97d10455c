"""Referrals to an exploratory conversation, and helpers who ask to think along.

Rows only, with codes: no referral letter, no note on health. A crisis is never
planned here; an urgent referral is refused and sent back (see intake.services).
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from intake.enums import ConsultationState, ConsultationTopic, ReferralState


class Referral(models.Model):
    """A GP or social worker refers a resident to an exploratory conversation."""

    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="referrals",
        verbose_name=_("resident"),
    )
    referrer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("referrer"),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="referrals",
        verbose_name=_("organisation of the referrer"),
    )
    received_on = models.DateField(_("received on"))
    target_date = models.DateField(_("conversation due on"))
    state = models.CharField(
        _("state"), max_length=12, choices=ReferralState, default=ReferralState.RECEIVED
    )
    registration = models.OneToOneField(
        "courses.Registration",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referral",
        verbose_name=_("registration"),
    )

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_date__gte=F("received_on")),
                name="intake_referral_target",
                violation_error_message=_(
                    "The day the conversation is due must not come before the day the "
                    "referral was received."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values),
                name="intake_referral_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


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
