"""The truth about every meeting: one Session per date, one row per leader.

PostgreSQL refuses a double booking of a room or a facilitator. Both constraints
can be deferred to the end of a transaction, so that a release can swap two rooms.
A leader's row carries a copy of period and state; a composite foreign key with
ON UPDATE CASCADE keeps that copy equal whatever writes to the tables.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import SessionState


class Session(models.Model):
    """One meeting of a series. The id is also the UID of its calendar entry.

    `sequence` counts changes that calendars must notice (RFC 5545, 3.8.7.4);
    `original_period` is when the session was first to be, if it was moved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        related_name="sessions",
        verbose_name=_("series"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    period = DateTimeRangeField(_("period"))
    room = models.ForeignKey(
        "rooms.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("room"),
    )
    online = models.BooleanField(_("online"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, default=SessionState.PUBLISHED
    )
    sequence = models.PositiveIntegerField(_("change number"), default=0)
    original_period = DateTimeRangeField(_("first planned"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    last_modified = models.DateTimeField(_("last changed"), default=timezone.now)
    leaders = models.ManyToManyField(
        "people.Facilitator",
        through="courses.SessionLeader",
        related_name="led_sessions",
        verbose_name=_("leaders"),
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"],
                name="courses_session_number_once",
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("This series already has that session."),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False)
                & Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False),
                name="courses_session_period",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=SessionState.values),
                name="courses_session_state_known",
                violation_error_message=_("A session is published or cancelled."),
            ),
            ExclusionConstraint(
                name="courses_session_room_free",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="published", room__isnull=False),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_(
                    "This room already has a session in that period. Choose another "
                    "room or another time."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.pk}"


class SessionLeader(models.Model):
    """A facilitator leads a session. Period and state are the session's own."""

    session = models.ForeignKey(
        Session,
        models.CASCADE,
        related_name="session_leaders",
        verbose_name=_("session"),
    )
    facilitator = models.ForeignKey(
        "people.Facilitator",
        models.PROTECT,
        related_name="session_leaders",
        verbose_name=_("facilitator"),
    )
    period = DateTimeRangeField(_("period"), blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=SessionState, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("leader of a session")
        verbose_name_plural = _("leaders of sessions")
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "facilitator"],
                name="courses_session_leader_once",
                violation_error_message=_(
                    "This facilitator already leads this session."
                ),
            ),
            ExclusionConstraint(
                name="courses_session_leader_free",
                expressions=[
                    ("facilitator", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="published"),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_(
                    "This facilitator already leads a session in that period. Choose "
                    "another facilitator or another time."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"session leader {self.pk}"

    def clean(self) -> None:
        """Copy period and state, so that the constraints are judged before saving."""
        super().clean()
        if self.session_id:
            self.period = self.session.period
            self.state = self.session.state
