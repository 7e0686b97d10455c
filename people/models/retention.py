"""How long what is kept, and what went when that was over."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEAST_DAYS, MOST_DAYS = 30, 7305
"""A month, and the twenty years of a medical file (article 7:454 BW)."""


class RetentionPeriod(models.Model):
    """A region's, or one organisation's, own number of days for one kind of record.

    `kind` is the key of a kind that an app brings (people.services.retention); without
    a row its usual number of days counts.
    """

    kind = models.SlugField(_("kind of record"), max_length=40)
    organisation = models.ForeignKey(
        "people.Organisation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="retention_periods",
        verbose_name=_("organisation"),
        help_text=_("Leave empty for the whole region."),
    )
    days = models.PositiveSmallIntegerField(
        _("days"),
        validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)],
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )

    class Meta:
        verbose_name = _("retention period")
        verbose_name_plural = _("retention periods")
        ordering = ["kind", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "organisation"],
                nulls_distinct=False,
                name="people_retention_once",
                violation_error_message=_("There is a period for this already."),
            ),
            models.CheckConstraint(
                condition=Q(days__range=(LEAST_DAYS, MOST_DAYS)),
                name="people_retention_days",
                violation_error_message=_("Write a number of days from 30 to 7305."),
            ),
        ]

    def __str__(self) -> str:
        return f"retention period {self.kind}"


class RetentionRun(models.Model):
    """One night of tidying up: how many rows of each kind went, and never whose."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    erased = models.JSONField(_("erased rows by kind"), default=dict, blank=True)

    class Meta:
        verbose_name = _("tidying up")
        verbose_name_plural = _("tidying up")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"retention run {self.pk}"
