"""What can be offered: themes, offerings, and the staff an offering needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.kinds import Format, OfferingKind, OfferingPolicy, policy_of


def localised(row: models.Model, name: str) -> str:
    """The text in the language of the screen, Dutch where English is missing."""
    dutch = getattr(row, f"{name}_nl")
    english = getattr(row, f"{name}_en")
    return english or dutch if (get_language() or "nl").startswith("en") else dutch


class Theme(models.Model):
    """A subject residents may ask for, in everyday words."""

    code = models.SlugField(_("code"), unique=True)
    name_nl = models.CharField(_("name in Dutch"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)

    if TYPE_CHECKING:  # what selectors add to a row
        groups: int

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["code"]

    def __str__(self) -> str:
        return localised(self, "name")


class Offering(models.Model):
    """A course, group or conversation type in the catalogue.

    The organisation answers for the data of those who take part (controller).
    `sessions_count` empty means open-ended, or self-paced without `session_minutes`.
    """

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OfferingKind)
    title_nl = models.CharField(_("title in Dutch"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    summary_nl = models.TextField(_("plain text in Dutch"), blank=True)
    summary_en = models.TextField(_("plain text in English"), blank=True)
    themes = models.ManyToManyField(
        Theme, blank=True, related_name="offerings", verbose_name=_("themes")
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="offerings",
        verbose_name=_("organisation"),
    )
    format = models.CharField(
        _("form"), max_length=10, choices=Format, default=Format.IN_PERSON
    )
    language = models.CharField(_("language"), max_length=2, default="nl")
    size_min = models.PositiveSmallIntegerField(_("smallest group"))
    size_max = models.PositiveSmallIntegerField(_("largest group"))
    over_enrolment = models.PositiveSmallIntegerField(
        _("seats given out above the largest group"), default=0
    )
    sessions_count = models.PositiveSmallIntegerField(
        _("number of sessions"), null=True, blank=True
    )
    session_minutes = models.PositiveSmallIntegerField(
        _("minutes a session"), null=True, blank=True
    )
    every_weeks = models.PositiveSmallIntegerField(_("every so many weeks"), default=1)
    follow_up_weeks = models.PositiveSmallIntegerField(
        _("follow-up session after so many weeks"),
        null=True,
        blank=True,
        help_text=_("One more session, counted from the last regular one."),
    )
    skips_school_holidays = models.BooleanField(
        _("skips school holidays"), default=True
    )
    required_features = models.ManyToManyField(
        "rooms.RoomFeature",
        blank=True,
        related_name="offerings",
        verbose_name=_("needed of the room"),
    )
    prerequisite = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opens",
        verbose_name=_("to be finished first"),
    )
    age_min = models.PositiveSmallIntegerField(_("lowest age"), null=True, blank=True)
    age_max = models.PositiveSmallIntegerField(_("highest age"), null=True, blank=True)
    closed_after_session = models.PositiveSmallIntegerField(
        _("closed after session"), null=True, blank=True
    )
    different_organisations = models.BooleanField(
        _("leaders of different organisations"), default=False
    )
    coach_minutes_per_week = models.PositiveSmallIntegerField(
        _("coach minutes a week for each participant"), null=True, blank=True
    )
    norm_days = models.PositiveSmallIntegerField(_("longest fair wait (days)"))
    decision_days = models.PositiveSmallIntegerField(
        _("days before the start"),
        default=7,
        help_text=_(
            "So long before its first session is decided what becomes of a group that "
            "is below its smallest size."
        ),
    )
    in_catalogue = models.BooleanField(_("shown in the catalogue"), default=True)

    class Meta:
        verbose_name = _("offering")
        verbose_name_plural = _("offerings")
        ordering = ["title_nl"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OfferingKind.values),
                name="courses_offering_kind_known",
                violation_error_message=_("Choose a kind of offering from the list."),
            ),
            models.CheckConstraint(
                condition=Q(format__in=Format.values),
                name="courses_offering_format_known",
                violation_error_message=_("Choose on site, online or partly online."),
            ),
            models.CheckConstraint(
                condition=Q(size_max__gte=F("size_min")) & Q(size_max__gte=1),
                name="courses_offering_sizes",
                violation_error_message=_(
                    "The largest group must be at least 1 and not below the smallest."
                ),
            ),
            models.CheckConstraint(
                condition=Q(sessions_count__isnull=True)
                | Q(sessions_count__range=(1, 104), session_minutes__isnull=False),
                name="courses_offering_sessions",
                violation_error_message=_(
                    "Give 1 to 104 sessions together with the minutes a session."
                ),
            ),
            models.CheckConstraint(
                condition=Q(session_minutes__isnull=True)
                | Q(session_minutes__range=(15, 600)),
                name="courses_offering_minutes",
                violation_error_message=_("A session takes 15 to 600 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__range=(1, 12)),
                name="courses_offering_rhythm",
                violation_error_message=_("Sessions come every 1 to 12 weeks."),
            ),
            models.CheckConstraint(
                condition=Q(age_min__isnull=True)
                | Q(age_max__isnull=True)
                | Q(age_max__gte=F("age_min")),
                name="courses_offering_ages",
                violation_error_message=_(
                    "The highest age must not be below the lowest age."
                ),
            ),
            models.CheckConstraint(
                condition=Q(prerequisite__isnull=True) | ~Q(prerequisite=F("id")),
                name="courses_offering_not_its_own_prerequisite",
                violation_error_message=_("An offering cannot come before itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the screen."""
        return localised(self, "title")

    @property
    def summary(self) -> str:
        """The plain-language text in the language of the screen."""
        return localised(self, "summary")

    @property
    def policy(self) -> OfferingPolicy:
        """The rules of this offering's kind."""
        return policy_of(self.kind)


class OfferingStaffNeed(models.Model):
    """So many leaders with one of the roles (and a certificate), from a size on."""

    offering = models.ForeignKey(
        Offering, models.CASCADE, related_name="staff_needs", verbose_name=_("offering")
    )
    roles = ArrayField(
        models.CharField(max_length=30), verbose_name=_("one of the roles")
    )
    qualification = models.ForeignKey(
        "people.Qualification",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="needed_by",
        verbose_name=_("with the certificate"),
    )
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    from_size = models.PositiveSmallIntegerField(_("from group size"), default=0)

    class Meta:
        verbose_name = _("needed staff")
        verbose_name_plural = _("needed staff")
        ordering = ["offering", "from_size", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(count__range=(1, 6)),
                name="courses_need_count",
                violation_error_message=_("A need is for 1 to 6 leaders."),
            ),
            models.CheckConstraint(
                condition=Q(roles__len__gte=1),
                name="courses_need_roles",
                violation_error_message=_("Choose at least one role."),
            ),
        ]

    def __str__(self) -> str:
        return f"staff need {self.pk}"
