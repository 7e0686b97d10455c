"""How much each wish counts in this region, in words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Importance(models.TextChoices):
    """How much a wish counts among the wishes of its tier."""

    LESS = "less", _("less important")
    USUAL = "usual", _("usual")
    MORE = "more", _("more important")


class WishImportance(models.Model):
    """A wish that this region finds less or more important than is usual.

    ``wish`` is the id of an objective (docs/reference/rules.md). A wish without a row
    is usual.
    """

    wish = models.SlugField(_("wish"), max_length=60, unique=True)
    importance = models.CharField(_("importance"), max_length=5, choices=Importance)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("importance of a wish")
        verbose_name_plural = _("importance of wishes")
        ordering = ["wish"]
        constraints = [
            models.CheckConstraint(
                condition=Q(importance__in=Importance.values),
                name="scheduling_wish_importance_known",
                violation_error_message=_("Choose an importance from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.wish
