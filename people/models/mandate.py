"""That a resident asked somebody to act for him or her, and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MandateOrigin(models.TextChoices):
    """How a resident asked for it."""

    OWN_PAGE = "own_page", _("on the own page")
    IN_PERSON = "in_person", _("in a talk or by telephone")


class Mandate(models.Model):
    """A supporter may find and arrange things for a resident who asked for it.

    The resident sees it on a page of his own and ends it there at any time. It gives
    no view of anything but what is arranged under it.
    """

    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="mandates",
        verbose_name=_("resident"),
    )
    supporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mandates",
        verbose_name=_("supporter"),
    )
    origin = models.CharField(_("asked how"), max_length=10, choices=MandateOrigin)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "supporter"],
                condition=Q(ended_at__isnull=True),
                name="people_mandate_once",
                violation_error_message=_("This supporter already helps you."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("given_at")),
                name="people_mandate_ends_after",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(origin__in=MandateOrigin.values),
                name="people_mandate_origin_known",
                violation_error_message=_("Choose from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk}"
