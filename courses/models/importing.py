"""A region's file that waits in the browser for a decision, and what came of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RegionImport(models.Model):
    """A file that waits for a decision, or the numbers of one that was loaded.

    While it waits, its rows and what they would change are kept, packed; both are
    personal data, and gone when it is loaded, dropped, or its time is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"))
    loaded_at = models.DateTimeField(_("loaded at"), null=True, blank=True)
    digest = models.CharField(_("digest of the changes"), max_length=64)
    counts = models.JSONField(_("rows by sheet"), default=dict, blank=True)
    tables = models.BinaryField(_("rows of the file"), null=True, editable=False)
    preview = models.BinaryField(_("what would change"), null=True, editable=False)

    class Meta:
        verbose_name = _("import of a region")
        verbose_name_plural = _("imports of a region")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    loaded_at__isnull=True,
                    tables__isnull=False,
                    preview__isnull=False,
                )
                | Q(
                    loaded_at__isnull=False,
                    tables__isnull=True,
                    preview__isnull=True,
                ),
                name="courses_import_kept_until_loaded",
                violation_error_message=_(
                    "A file is kept until it is loaded, and not longer."
                ),
            ),
            models.UniqueConstraint(
                fields=["made_by"],
                condition=Q(loaded_at__isnull=True),
                name="courses_import_one_waits",
                violation_error_message=_(
                    "Another file of yours still waits. Load it, or throw it away."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"
