"""When persons can come: weekly windows, exceptions to them, and leave.

Windows are local wall-clock times (Europe/Amsterdam) and half-open: a window until
12:30 and one from 12:30 touch without overlapping. Date ranges are half-open too.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.rows import MinuteRange
from people.enums import HalfDay, HalfDayAnswer, NoReason, Weekday


def always() -> DateRange:
    """A range from the year 2000 without an end: the default validity of a window."""
    return DateRange(date(2000, 1, 1), None)


class AvailabilityWindow(models.Model):
    """A person can come every such weekday from start to end, while valid."""

    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        related_name="windows",
        verbose_name=_("person"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))
    valid = DateRangeField(_("valid"), default=always)

    class Meta:
        verbose_name = _("weekly availability")
        verbose_name_plural = _("weekly availability")
        ordering = ["person", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="people_window_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)),
                name="people_window_weekday",
                violation_error_message=_("Choose a day from Monday to Sunday."),
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False),
                name="people_window_valid_not_empty",
                violation_error_message=_(
                    "The last day must come after the first day."
                ),
            ),
            ExclusionConstraint(
                name="people_window_no_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    (MinuteRange("start", "end"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person already has hours on that day that overlap these. "
                    "Change those hours, or join the two."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"window {self.pk}"


class AvailabilityException(models.Model):
    """Days on which the weekly windows do not hold.

    `available` False takes time away, True adds time. Without times the whole day
    is meant. An exception wins over the weekly windows, and leave over both.
    """

    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        related_name="exceptions",
        verbose_name=_("person"),
    )
    days = DateRangeField(_("days"))
    start = models.TimeField(_("from"), null=True, blank=True)
    end = models.TimeField(_("until"), null=True, blank=True)
    available = models.BooleanField(_("available"), default=False)

    class Meta:
        verbose_name = _("exception to the availability")
        verbose_name_plural = _("exceptions to the availability")
        ordering = ["person", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__isnull=False, end__gt=F("start")),
                name="people_exception_times",
                violation_error_message=_(
                    "Give both a start and a later end, or leave both empty for the "
                    "whole day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(days__isempty=False)
                & Q(days__startswith__isnull=False)
                & Q(days__endswith__isnull=False),
                name="people_exception_days",
                violation_error_message=_(
                    "Give a first day and a last day that is not before it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"exception {self.pk}"


class HalfDayWish(models.Model):
    """What a facilitator answered about one part of the week.

    The weekly windows follow from it (people.services.hours): the planner plans only
    where the answer is yes. `ask` may be asked by a person, `no` is not asked at all,
    and therefore has a reason, a word from a list.
    """

    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        related_name="half_days",
        verbose_name=_("person"),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    half_day = models.CharField(_("part of the day"), max_length=10, choices=HalfDay)
    answer = models.CharField(_("answer"), max_length=4, choices=HalfDayAnswer)
    reason = models.CharField(_("reason"), max_length=10, choices=NoReason, blank=True)

    class Meta:
        verbose_name = _("answer about a part of the week")
        verbose_name_plural = _("answers about parts of the week")
        ordering = ["person", "weekday", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "weekday", "half_day"],
                name="people_half_day_once",
                violation_error_message=_(
                    "This person already answered about that part of the week."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7))
                & Q(half_day__in=HalfDay.values)
                & Q(answer__in=HalfDayAnswer.values),
                name="people_half_day_known",
                violation_error_message=_("Choose day, part and answer from the list."),
            ),
            models.CheckConstraint(
                condition=Q(answer="no", reason__in=NoReason.values)
                | (~Q(answer="no") & Q(reason="")),
                name="people_half_day_no_has_reason",
                violation_error_message=_(
                    "Choose why you cannot come, or choose another answer."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"half-day {self.pk}"


class Leave(models.Model):
    """Whole days on which a facilitator is away. The reason is not asked."""

    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.CASCADE,
        related_name="leave",
        verbose_name=_("facilitator"),
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        ordering = ["facilitator", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isempty=False)
                & Q(days__startswith__isnull=False)
                & Q(days__endswith__isnull=False),
                name="people_leave_days",
                violation_error_message=_(
                    "Give a first day and a last day that is not before it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"leave {self.pk}"
