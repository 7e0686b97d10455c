"""A stored plan: draft, published or archived, with a row for all it decides.

The truth about published meetings is in ``courses``; these rows are what a release
takes over, and what a rollback goes back to.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.models.run import RunKind

MOST_PASSES = 3
"""Left out so many times in a row, somebody is shown to the coordinator."""


class ScheduleState(models.TextChoices):
    """The life of a schedule."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class Schedule(models.Model):
    """The schedule of a week or term; at most one of a period is published.

    ``version`` counts the changes made to it by hand.
    """

    kind = models.CharField(
        _("kind"), max_length=4, choices=RunKind, default=RunKind.WEEK
    )
    first_date = models.DateField(_("first date"))
    last_date = models.DateField(_("last date"))
    state = models.CharField(
        _("state"), max_length=10, choices=ScheduleState, default=ScheduleState.DRAFT
    )
    run = models.ForeignKey(
        "scheduling.PlanningRun",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="schedules",
        verbose_name=_("run"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        ordering = ["-first_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")),
                name="scheduling_schedule_dates",
                violation_error_message=_(
                    "The last date must not come before the first date."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ScheduleState.values, kind__in=RunKind.values),
                name="scheduling_schedule_known",
                violation_error_message=_("Choose a state and a kind from the lists."),
            ),
            models.UniqueConstraint(
                fields=["kind", "first_date"],
                condition=Q(state="published"),
                name="scheduling_schedule_one_published",
                violation_error_message=_(
                    "Another schedule of this period is published."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "first_date"],
                condition=Q(state="draft"),
                name="scheduling_schedule_one_draft",
                violation_error_message=_("This period has another draft."),
            ),
            models.UniqueConstraint(
                fields=["run"],
                name="scheduling_schedule_one_per_run",
                violation_error_message=_("This run already has its draft."),
            ),
        ]

    def __str__(self) -> str:
        return f"schedule {self.pk}"


class ScheduledSeries(models.Model):
    """A series this schedule decides on: held or not.

    ``seen_at`` is when the series had last changed as the plan was made; a release
    gives a series that changed after it back as a conflict.
    """

    schedule = models.ForeignKey(
        Schedule,
        models.CASCADE,
        related_name="series_rows",
        verbose_name=_("schedule"),
    )
    series = models.ForeignKey(
        "courses.Series", models.CASCADE, related_name="+", verbose_name=_("series")
    )
    held = models.BooleanField(_("is held"), default=True)
    seen_at = models.DateTimeField(_("as it was at"))
    coaches = ArrayField(
        models.BigIntegerField(), verbose_name=_("coaches"), default=list, blank=True
    )
    why = models.JSONField(_("why it is not held"), default=dict, blank=True)

    class Meta:
        verbose_name = _("series of a schedule")
        verbose_name_plural = _("series of schedules")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "series"],
                name="scheduling_series_once",
                violation_error_message=_("This series is already in the schedule."),
            ),
        ]

    def __str__(self) -> str:
        return f"scheduled series {self.pk}"


class ScheduledSession(models.Model):
    """One meeting of the schedule; ``session_id`` is its row's in courses."""

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, related_name="sessions", verbose_name=_("schedule")
    )
    series = models.ForeignKey(
        "courses.Series", models.CASCADE, related_name="+", verbose_name=_("series")
    )
    session_id = models.UUIDField(_("session"), default=uuid.uuid4)
    number = models.PositiveSmallIntegerField(_("number"))
    period = DateTimeRangeField(_("period"))
    room = models.ForeignKey(
        "rooms.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room"),
    )
    online = models.BooleanField(_("online"), default=False)
    leaders = models.ManyToManyField(
        "people.Facilitator",
        through="scheduling.ScheduledLeader",
        related_name="+",
        verbose_name=_("leaders"),
    )

    class Meta:
        verbose_name = _("session of a schedule")
        verbose_name_plural = _("sessions of schedules")
        ordering = ["period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "session_id"],
                name="scheduling_session_once",
                violation_error_message=_("This session is already in the schedule."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "series", "number"],
                name="scheduling_session_number_once",
                violation_error_message=_("This series already has that session."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False)
                & Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False),
                name="scheduling_session_period",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True) | Q(online=False),
                name="scheduling_session_room_or_online",
                violation_error_message=_("A session online has no room."),
            ),
        ]

    def __str__(self) -> str:
        return f"scheduled session {self.pk}"


class ScheduledLeader(models.Model):
    """A facilitator who leads a session of the schedule."""

    session = models.ForeignKey(
        ScheduledSession,
        models.CASCADE,
        related_name="leader_rows",
        verbose_name=_("session"),
    )
    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.PROTECT,
        related_name="+",
        verbose_name=_("facilitator"),
    )

    class Meta:
        verbose_name = _("leader of a scheduled session")
        verbose_name_plural = _("leaders of scheduled sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "facilitator"],
                name="scheduling_leader_once",
                violation_error_message=_(
                    "This facilitator already leads this session."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"scheduled leader {self.pk}"


class ScheduledSeat(models.Model):
    """A seat the schedule gives; while it is a draft, the enrolment holds it."""

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, related_name="seats", verbose_name=_("schedule")
    )
    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        related_name="+",
        verbose_name=_("registration"),
    )
    series = models.ForeignKey(
        "courses.Series", models.CASCADE, related_name="+", verbose_name=_("series")
    )
    enrolment = models.ForeignKey(
        "courses.Enrolment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enrolment"),
    )

    class Meta:
        verbose_name = _("seat of a schedule")
        verbose_name_plural = _("seats of schedules")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "registration"],
                name="scheduling_seat_once",
                violation_error_message=_("This registration already has a seat."),
            ),
        ]

    def __str__(self) -> str:
        return f"scheduled seat {self.pk}"


class LeftOut(models.Model):
    """A registration the schedule gives no seat, with the verified reasons.

    ``reasons``: a list of {"series": uuid, "rules": [ids], "verified": how,
    "for_all": whether nobody could hold it, "irreducible": whether every rule is known
    to be needed (older rows lack it), "ways": what would help, see ``adapters.ways``}.
    A release writes in ``passes`` how many periods in a row left it out, this one
    counted, and in ``named_reason`` why; a draft has 0.
    """

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, related_name="left_out", verbose_name=_("schedule")
    )
    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        related_name="+",
        verbose_name=_("registration"),
    )
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    passes = models.PositiveSmallIntegerField(_("times left out in a row"), default=0)
    named_reason = models.SlugField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("registration left out")
        verbose_name_plural = _("registrations left out")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "registration"],
                name="scheduling_left_out_once",
                violation_error_message=_("This registration is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(passes__lt=MOST_PASSES) | ~Q(named_reason=""),
                name="scheduling_left_out_reason_named",
                violation_error_message=_(
                    "Nobody is left out three times in a row without a reason."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"left out {self.pk}"


class AcceptedViolation(models.Model):
    """A breach that a coordinator accepted by name in a draft edited by hand.

    It is accepted as it was told: at that ``slot`` of the schedule and with those
    ``facts`` (pairs of a name and a number). It counts while its ``edit`` stands;
    without one it was accepted as the schedule was published.
    """

    schedule = models.ForeignKey(
        Schedule,
        models.CASCADE,
        related_name="accepted_violations",
        verbose_name=_("schedule"),
    )
    rule = models.SlugField(_("rule"), max_length=60)
    about = models.JSONField(_("about"))
    slot = models.PositiveIntegerField(_("quarter of an hour"), null=True, blank=True)
    facts = models.JSONField(_("numbers"), default=list, blank=True)
    edit = models.ForeignKey(
        "scheduling.ScheduleEdit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="accepted_violations",
        verbose_name=_("change by hand"),
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), default=timezone.now)

    class Meta:
        verbose_name = _("accepted violation")
        verbose_name_plural = _("accepted violations")
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "edit", "rule", "about", "slot", "facts"],
                name="scheduling_violation_accepted_once",
                nulls_distinct=False,
                violation_error_message=_("This violation was already accepted."),
            ),
        ]

    def __str__(self) -> str:
        return f"accepted violation {self.pk}"
