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


class ImportAct(models.TextChoices):
    """What a worker does with a file."""

    CHECK = "check", _("look what it would change")
    LOAD = "load", _("load it")


class ImportState(models.TextChoices):
    """How far a worker is."""

    WAITING = "waiting", _("waiting for a worker")
    WORKING = "working", _("at work")
    DONE = "done", _("finished")
    REFUSED = "refused", _("the file is not right")
    FAILED = "failed", _("failed")


UNFINISHED = (ImportState.WAITING, ImportState.WORKING)


class ImportWork(models.Model):
    """A large file that a worker checks or loads, for the account that sent it.

    ``files`` is what was sent, packed, and gone when it was read; ``proposal`` is what
    came of it, or what is to be loaded as its preview with ``digest`` said. ``refusal``
    has what is not right, packed. ``done`` sheets of ``of`` were gone through.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("made by"),
    )
    act = models.CharField(_("act"), max_length=5, choices=ImportAct)
    state = models.CharField(
        _("state"), max_length=7, choices=ImportState, default=ImportState.WAITING
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"))
    language = models.CharField(_("language"), max_length=5, default="nl")
    files = models.BinaryField(_("what was sent"), null=True, editable=False)
    proposal = models.ForeignKey(
        RegionImport,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("import of a region"),
    )
    digest = models.CharField(_("digest of the changes"), max_length=64, blank=True)
    refusal = models.BinaryField(_("what is not right"), null=True, editable=False)
    done = models.PositiveSmallIntegerField(_("sheets gone through"), default=0)
    of = models.PositiveSmallIntegerField(_("sheets"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("work on an import")
        verbose_name_plural = _("work on imports")
        ordering = ["-asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=ImportAct.values, state__in=ImportState.values),
                name="courses_import_work_known",
                violation_error_message=_("Choose an act and a state from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(files__isnull=True)
                | Q(act="check", state__in=["waiting", "working"]),
                name="courses_import_work_keeps_no_file",
                violation_error_message=_("A file is kept until it was checked."),
            ),
        ]

    def __str__(self) -> str:
        return f"work {self.pk}"
