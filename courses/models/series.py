"""One run of an offering: its rhythm, room, leaders and limits."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.enums import SeriesState

if TYPE_CHECKING:
    from courses.models.enrolment import Enrolment
    from courses.models.session import Session

WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


class Series(models.Model):
    """One run of an offering: same weekday, time, room and leaders on all dates.

    Weekday (ISO), start time, room and first date are empty until a plan is
    released. Counts and sizes left empty are those of the offering.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offering = models.ForeignKey(
        "courses.Offering",
        models.PROTECT,
        related_name="series",
        verbose_name=_("offering"),
    )
    reference = models.CharField(
        _("reference in the source"),
        max_length=60,
        blank=True,
        help_text=_("The key an import knows this row by; never a citizen number."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SeriesState, default=SeriesState.PLANNED
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=WEEKDAYS, null=True, blank=True
    )
    start_time = models.TimeField(_("start"), null=True, blank=True)
    first_date = models.DateField(_("first date"), null=True, blank=True)
    room = models.ForeignKey(
        "rooms.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="series",
        verbose_name=_("room"),
    )
    centre = models.ForeignKey(
        "rooms.Centre",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="series",
        verbose_name=_("only in this centre"),
    )
    earliest_start = models.DateField(_("earliest first date"), null=True, blank=True)
    latest_end = models.DateField(_("latest last date"), null=True, blank=True)
    sessions_count = models.PositiveSmallIntegerField(
        _("number of sessions"), null=True, blank=True
    )
    size_min = models.PositiveSmallIntegerField(
        _("smallest group"), null=True, blank=True
    )
    size_max = models.PositiveSmallIntegerField(
        _("largest group"), null=True, blank=True
    )
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("comes after the series"),
    )
    leaders = models.ManyToManyField(
        "people.Facilitator",
        through="courses.SeriesLeader",
        related_name="led_series",
        verbose_name=_("leaders"),
    )
    preferred_leaders = models.ManyToManyField(
        "people.Facilitator",
        blank=True,
        related_name="preferred_for",
        verbose_name=_("leaders of the former run"),
    )
    last_modified = models.DateTimeField(_("last changed"), auto_now=True)

    if TYPE_CHECKING:  # what selectors add to a row
        seats_total: int
        seats_taken: int
        seats_free: int
        seats_open: int
        sessions_held: int
        sessions_coming: int
        coming_sessions: list[Session]
        members: list[Enrolment]

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["first_date", "offering", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="courses_series_reference_once",
                violation_error_message=_(
                    "There is already a row with that reference."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SeriesState.values),
                name="courses_series_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__range=(1, 7)),
                name="courses_series_weekday",
                violation_error_message=_("Choose a day from Monday to Sunday."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, start_time__isnull=True)
                | Q(weekday__isnull=False, start_time__isnull=False),
                name="courses_series_day_and_time",
                violation_error_message=_("Give a weekday and a start time together."),
            ),
            models.CheckConstraint(
                condition=Q(earliest_start__isnull=True)
                | Q(latest_end__isnull=True)
                | Q(latest_end__gte=F("earliest_start")),
                name="courses_series_dates",
                violation_error_message=_(
                    "The latest last date must not come before the earliest first date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(size_min__isnull=True)
                | Q(size_max__isnull=True)
                | Q(size_max__gte=F("size_min")),
                name="courses_series_sizes",
                violation_error_message=_(
                    "The largest group must not be below the smallest."
                ),
            ),
            models.CheckConstraint(
                condition=Q(sessions_count__isnull=True)
                | Q(sessions_count__range=(1, 104)),
                name="courses_series_sessions",
                violation_error_message=_("A series has 1 to 104 sessions."),
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                name="courses_series_not_after_itself",
                violation_error_message=_("A series cannot come after itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"series {self.pk}"

    @property
    def smallest(self) -> int:
        """The smallest group with which this series may start."""
        return self.offering.size_min if self.size_min is None else self.size_min

    @property
    def largest(self) -> int:
        """The largest group, before any over-enrolment."""
        return self.offering.size_max if self.size_max is None else self.size_max

    @property
    def number_of_sessions(self) -> int | None:
        """How many regular sessions; None for an open-ended series."""
        return self.sessions_count or self.offering.sessions_count


class SeriesLeader(models.Model):
    """A facilitator leads a series on all its dates."""

    series = models.ForeignKey(
        Series, models.CASCADE, related_name="series_leaders", verbose_name=_("series")
    )
    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.PROTECT,
        related_name="series_leaders",
        verbose_name=_("facilitator"),
    )

    class Meta:
        verbose_name = _("leader of a series")
        verbose_name_plural = _("leaders of series")
        ordering = ["series", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "facilitator"],
                name="courses_series_leader_once",
                violation_error_message=_(
                    "This facilitator already leads this series."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"series leader {self.pk}"


class SeriesWindow(models.Model):
    """A series may be held on this weekday, wholly between start and end."""

    series = models.ForeignKey(
        Series, models.CASCADE, related_name="windows", verbose_name=_("series")
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("allowed hours")
        verbose_name_plural = _("allowed hours")
        ordering = ["series", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start"), weekday__range=(1, 7)),
                name="courses_window_end_after_start",
                violation_error_message=_(
                    "Choose a weekday, and an end that comes after the start."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"allowed hours {self.pk}"
