"""Centres, their rooms, when these are open, and who else has booked them.

A centre's own hours, closures and bookings always win over a plan. Rooms are often
asked of a third party, so a booking is requested first and confirmed later.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.rows import MinuteRange
from rooms.enums import Bookable, BookingState, CentreKind
from rooms.models.extra import ExtraHours as ExtraHours
from rooms.models.source import CalendarSource as CalendarSource


class RoomFeature(models.Model):
    """Something a room can have; the codes of access needs are the same codes."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name_nl = models.CharField(_("name in Dutch"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    is_access = models.BooleanField(_("is an access need"), default=False)

    class Meta:
        verbose_name = _("room feature")
        verbose_name_plural = _("room features")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Centre(models.Model):
    """A building with rooms, at one point on the map (WGS 84 degrees)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=CentreKind)
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="centres",
        verbose_name=_("owner"),
    )
    priority_organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="centres_with_priority",
        verbose_name=_("organisation that goes first"),
    )
    place = models.ForeignKey(
        "people.Place",
        models.PROTECT,
        related_name="centres",
        verbose_name=_("place"),
    )
    address = models.CharField(_("address"), max_length=160)
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    bookable = models.CharField(
        _("booking"), max_length=12, choices=Bookable, default=Bookable.ON_REQUEST
    )
    closes_on_public_holidays = models.BooleanField(
        _("closed on public holidays"), default=True
    )
    closes_on_school_holidays = models.BooleanField(
        _("closed in school holidays"), default=False
    )
    active = models.BooleanField(_("in use"), default=True)

    if TYPE_CHECKING:  # what selectors add to a row
        hours_known: list[OpeningHours]
        closures_known: list[Closure]

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__range=(50.5, 53.8), lon__range=(3.2, 7.3)),
                name="rooms_centre_in_the_netherlands",
                violation_error_message=_(
                    "These coordinates lie outside the Netherlands. Give the latitude "
                    "(50.5 to 53.8) and the longitude (3.2 to 7.3) in degrees."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """A centre is open every such ISO weekday from start to end (local time)."""

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="opening_hours", verbose_name=_("centre")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[
            (1, _("Monday")),
            (2, _("Tuesday")),
            (3, _("Wednesday")),
            (4, _("Thursday")),
            (5, _("Friday")),
            (6, _("Saturday")),
            (7, _("Sunday")),
        ],
    )
    start = models.TimeField(_("from"))
    end = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["centre", "weekday", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="rooms_hours_end_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)),
                name="rooms_hours_weekday",
                violation_error_message=_("Choose a day from Monday to Sunday."),
            ),
            ExclusionConstraint(
                name="rooms_hours_no_overlap",
                expressions=[
                    ("centre", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (MinuteRange("start", "end"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This centre already has opening hours on that day that overlap "
                    "these. Change those hours, or join the two."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"opening hours {self.pk}"


class Closure(models.Model):
    """Days on which a centre is closed, whatever its opening hours say."""

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="closures", verbose_name=_("centre")
    )
    days = DateRangeField(_("days"))

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["centre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isempty=False)
                & Q(days__startswith__isnull=False)
                & Q(days__endswith__isnull=False),
                name="rooms_closure_days",
                violation_error_message=_(
                    "Give a first day and a last day that is not before it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"closure {self.pk}"

    @property
    def first(self) -> date:
        """The first day on which it is closed."""
        return self.days.lower

    @property
    def last(self) -> date:
        """The last day on which it is closed."""
        return self.days.upper - timedelta(days=1)


class Room(models.Model):
    """A room that people can meet in. Prices are in euro cents."""

    centre = models.ForeignKey(
        Centre, models.CASCADE, related_name="rooms", verbose_name=_("centre")
    )
    name = models.CharField(_("name"), max_length=80)
    capacity = models.PositiveSmallIntegerField(_("seats"))
    features = models.ManyToManyField(
        RoomFeature, blank=True, related_name="rooms", verbose_name=_("features")
    )
    price_per_half_day_cents = models.PositiveIntegerField(
        _("price per half-day (cents)"), default=0
    )
    changeover_minutes = models.PositiveSmallIntegerField(
        _("minutes between two groups"), default=15
    )
    active = models.BooleanField(_("in use"), default=True)

    if TYPE_CHECKING:  # what selectors add to a row
        bookings_then: list[RoomBooking]
        hours_given: list[ExtraHours]
        features_known: list[RoomFeature]

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["centre", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="rooms_room_once",
                violation_error_message=_(
                    "This centre already has a room of that name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, 1000)),
                name="rooms_room_capacity",
                violation_error_message=_("A room has 1 to 1000 seats."),
            ),
            models.CheckConstraint(
                condition=Q(changeover_minutes__lte=240),
                name="rooms_room_changeover",
                violation_error_message=_(
                    "The time between two groups is at most 240 minutes."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre}, {self.name}"


class RoomBooking(models.Model):
    """A room is used by others in a period. It says who, never what for.

    A request is held until `held_until`, and then lapses by itself. `source` is the
    agenda of the room from which it was read.
    """

    room = models.ForeignKey(
        Room, models.CASCADE, related_name="bookings", verbose_name=_("room")
    )
    period = DateTimeRangeField(_("period"))
    state = models.CharField(
        _("state"), max_length=10, choices=BookingState, default=BookingState.REQUESTED
    )
    booked_by = models.ForeignKey(
        "people.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="room_bookings",
        verbose_name=_("booked by"),
    )
    requested_by = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="room_requests",
        verbose_name=_("asked by"),
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    source = models.ForeignKey(
        "rooms.CalendarSource",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("read from"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("booking by others")
        verbose_name_plural = _("bookings by others")
        ordering = ["room", "period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False)
                & Q(period__startswith__isnull=False)
                & Q(period__endswith__isnull=False),
                name="rooms_booking_period",
                violation_error_message=_("The end must come after the start."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BookingState.values),
                name="rooms_booking_state_known",
                violation_error_message=_(
                    "A booking is requested, confirmed or lapsed."
                ),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(state="confirmed"),
                name="rooms_booking_read_is_confirmed",
                violation_error_message=_(
                    "What was read from an agenda of the room is confirmed."
                ),
            ),
            ExclusionConstraint(
                name="rooms_booking_no_overlap",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="confirmed"),
                violation_error_message=_(
                    "This room already has a confirmed booking in that period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}"


class TravelTime(models.Model):
    """Minutes between two places, written by a coordinator; it wins over the map."""

    from_place = models.ForeignKey(
        "people.Place",
        models.CASCADE,
        related_name="travel_times_from",
        verbose_name=_("from"),
    )
    to_place = models.ForeignKey(
        "people.Place",
        models.CASCADE,
        related_name="travel_times_to",
        verbose_name=_("to"),
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        ordering = ["from_place", "to_place"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_place", "to_place"],
                name="rooms_travel_once",
                violation_error_message=_(
                    "There is already a travel time between these places."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(from_place=F("to_place")),
                name="rooms_travel_two_places",
                violation_error_message=_("Choose two different places."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=600),
                name="rooms_travel_minutes",
                violation_error_message=_("A journey takes at most 600 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return f"travel time {self.pk}"
