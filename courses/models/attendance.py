"""Who was there: per session one sheet, per participant one row.

A sheet is written as a whole by one of the leaders. Its version rises with each
writing, so that a sheet that was filled in without a connection cannot overwrite
what a colleague noted meanwhile. Rows go when they are no longer needed
(courses.retention).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_BLOCKS = 52


class AttendanceSheet(models.Model):
    """What was noted of one session. `blocks` parts of equal length, the last rest.

    `former` holds the rows before the last writing ({enrolment id: [there, ...]}), or
    nothing if there were none; `can_undo` says whether it may still be taken back.
    `visitors` is how many came where nobody enrols.
    """

    session = models.OneToOneField(
        "courses.Session",
        models.CASCADE,
        related_name="attendance_sheet",
        verbose_name=_("session"),
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    blocks = models.PositiveSmallIntegerField(_("parts"), default=1)
    visitors = models.PositiveSmallIntegerField(_("visitors"), null=True, blank=True)
    saved_at = models.DateTimeField(_("noted at"), null=True, blank=True)
    saved_by = models.ForeignKey(
        "people.Facilitator",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("noted by"),
    )
    former = models.JSONField(_("before the last writing"), default=dict, blank=True)
    can_undo = models.BooleanField(_("can be undone"), default=False)

    class Meta:
        verbose_name = _("attendance of a session")
        verbose_name_plural = _("attendance of sessions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(blocks__range=(1, MOST_BLOCKS)),
                name="courses_sheet_blocks",
                violation_error_message=_("A session has 1 to 52 parts."),
            ),
            models.CheckConstraint(
                condition=Q(visitors__isnull=True) | Q(visitors__lte=1000),
                name="courses_sheet_visitors",
                violation_error_message=_("Write a number from 0 to 1000."),
            ),
        ]

    def __str__(self) -> str:
        return f"attendance sheet {self.pk}"


class Attendance(models.Model):
    """In which parts of a session a participant was there."""

    sheet = models.ForeignKey(
        AttendanceSheet,
        models.CASCADE,
        related_name="rows",
        verbose_name=_("sheet"),
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment",
        models.CASCADE,
        related_name="attendance",
        verbose_name=_("enrolment"),
    )
    there = ArrayField(models.BooleanField(), verbose_name=_("there"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["sheet", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "enrolment"],
                name="courses_attendance_once",
                violation_error_message=_("This participant is noted already."),
            ),
            models.CheckConstraint(
                condition=Q(there__len__range=(1, MOST_BLOCKS)),
                name="courses_attendance_blocks",
                violation_error_message=_("A session has 1 to 52 parts."),
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"
