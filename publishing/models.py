"""Feed addresses, releases, and which calendar rows belong to which series."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FeedKind(models.TextChoices):
    """Whose agenda a feed shows."""

    FACILITATOR = "facilitator", _("facilitator")
    RESIDENT = "resident", _("resident")
    ROOM = "room", _("room")
    CENTRE = "centre", _("centre")


class FeedToken(models.Model):
    """A secret address of one agenda: 128 random bits, kept only as a hash.

    Exactly one owner, after its kind. ``shows_details`` is a resident's own wish to
    see place and subject; the titles of other feeds are neutral always.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=FeedKind)
    person = models.ForeignKey(
        "people.Person",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="feed_tokens",
        verbose_name=_("person"),
    )
    room = models.ForeignKey(
        "rooms.Room",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="feed_tokens",
        verbose_name=_("room"),
    )
    centre = models.ForeignKey(
        "rooms.Centre",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="feed_tokens",
        verbose_name=_("centre"),
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    shows_details = models.BooleanField(_("shows subject and place"), default=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("feed address")
        verbose_name_plural = _("feed addresses")
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["facilitator", "resident"],
                    person__isnull=False,
                    room__isnull=True,
                    centre__isnull=True,
                )
                | Q(
                    kind="room",
                    person__isnull=True,
                    room__isnull=False,
                    centre__isnull=True,
                )
                | Q(
                    kind="centre",
                    person__isnull=True,
                    room__isnull=True,
                    centre__isnull=False,
                ),
                name="publishing_feed_one_owner",
                violation_error_message=_(
                    "A feed belongs to one person, one room or one centre."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "person", "room", "centre"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="publishing_feed_one_address",
                violation_error_message=_("This agenda already has an address."),
            ),
        ]

    def __str__(self) -> str:
        return f"feed address {self.pk}"


class Release(models.Model):
    """One publication of a schedule, with what it changed for whom.

    ``changes``: a list of {"series": uuid, "session": uuid, "what": word, "was": …,
    "now": …, "persons": [ids]}; words and ids only, never names.
    """

    schedule = models.ForeignKey(
        "scheduling.Schedule",
        models.PROTECT,
        related_name="releases",
        verbose_name=_("schedule"),
    )
    former = models.ForeignKey(
        "scheduling.Schedule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("schedule before it"),
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released at"), default=timezone.now)
    changes = models.JSONField(_("changes"), default=list, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-released_at", "-pk"]

    def __str__(self) -> str:
        return f"release {self.pk}"


class CalendarEntry(models.Model):
    """The django-scheduler event of a series: one row each, so none is made twice."""

    series = models.OneToOneField(
        "courses.Series",
        models.CASCADE,
        related_name="calendar_entry",
        verbose_name=_("series"),
    )
    event = models.OneToOneField(
        "schedule.Event", models.CASCADE, related_name="+", verbose_name=_("event")
    )

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")

    def __str__(self) -> str:
        return f"calendar entry {self.pk}"


class ChangedGroup(models.Model):
    """What a release did to a group as a whole: stopped it, or took it online.

    ``was`` and ``now``: of its ``state`` and ``room``, those that changed.
    ``sessions``: by the key of a coming session, {"was": …, "now": …} of its state,
    room and online. ``people`` had a seat in it. Going back puts the difference back.
    """

    release = models.ForeignKey(
        Release,
        models.CASCADE,
        related_name="changed_groups",
        verbose_name=_("release"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series"),
    )
    was = models.JSONField(_("before"), default=dict, blank=True)
    now = models.JSONField(_("after"), default=dict, blank=True)
    sessions = models.JSONField(_("sessions"), default=dict, blank=True)
    people = models.PositiveIntegerField(_("people in it"), default=0)

    class Meta:
        verbose_name = _("group changed by a release")
        verbose_name_plural = _("groups changed by a release")
        ordering = ["release", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "series"],
                name="publishing_changed_group_once",
                violation_error_message=_("This release has that group already."),
            ),
        ]

    def __str__(self) -> str:
        return f"changed group {self.pk}"


class ChangedSeat(models.Model):
    """Whose seat or choices changed with a group: which seat was had, and which then.

    Empty is no seat: the registration waited. Gone with the registration and its seats,
    and after the term in which a release names persons.
    """

    release = models.ForeignKey(
        Release,
        models.CASCADE,
        related_name="changed_seats",
        verbose_name=_("release"),
    )
    registration = models.ForeignKey(
        "courses.Registration",
        models.CASCADE,
        related_name="+",
        verbose_name=_("registration"),
    )
    was = models.ForeignKey(
        "courses.Enrolment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat before"),
    )
    now = models.ForeignKey(
        "courses.Enrolment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat after"),
    )
    choices_was = models.JSONField(_("choices before"), default=list, blank=True)
    choices_now = models.JSONField(_("choices after"), default=list, blank=True)

    class Meta:
        verbose_name = _("seat changed by a release")
        verbose_name_plural = _("seats changed by a release")
        ordering = ["release", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "registration"],
                name="publishing_changed_seat_once",
                violation_error_message=_("This release has that seat already."),
            ),
        ]

    def __str__(self) -> str:
        return f"changed seat {self.pk}"
