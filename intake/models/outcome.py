"""What came of a conversation: advice from a list, and what was asked for next."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.enums import Advice


class Outcome(models.Model):
    """The advice of both professionals and the resident; codes, never a story."""

    referral = models.OneToOneField(
        "intake.Referral",
        models.CASCADE,
        related_name="outcome",
        verbose_name=_("referral"),
    )
    advice = ArrayField(
        models.CharField(max_length=20, choices=Advice), verbose_name=_("advice")
    )
    registrations = models.ManyToManyField(
        "courses.Registration",
        blank=True,
        related_name="+",
        verbose_name=_("registrations"),
    )
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("filled in by"),
    )
    filled_at = models.DateTimeField(_("filled in at"), default=timezone.now)

    class Meta:
        verbose_name = _("outcome of a conversation")
        verbose_name_plural = _("outcomes of conversations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(advice__len__gte=1) & Q(advice__contained_by=Advice.values),
                name="intake_outcome_advice_known",
                violation_error_message=_("Choose at least one advice from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"outcome {self.pk}"
