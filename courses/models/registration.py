"""A resident's asking: for a theme, an offering, or any of several series, ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import RegistrationState
from courses.kinds import LevelOfCare
from courses.models.catalogue import localised

if TYPE_CHECKING:
    from courses.models.enrolment import Enrolment


class ReasonCode(models.Model):
    """A short, non-clinical reason why a group does not fit now."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name_nl = models.CharField(_("reason in Dutch"), max_length=120)
    name_en = models.CharField(_("reason in English"), max_length=120)
    active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        verbose_name = _("reason code")
        verbose_name_plural = _("reason codes")
        ordering = ["code"]

    def __str__(self) -> str:
        return localised(self, "name")


def _light_only() -> list[int]:
    return [LevelOfCare.LIGHT.value]


class Registration(models.Model):
    """A resident asks for something; several may run beside each other.

    `need_class` 1 is the most urgent of five. `norm_date` is the day by which a
    seat was due. Who set group first aside never loses a place: nothing here
    orders by it.
    """

    resident = models.ForeignKey(
        "people.Resident",
        models.CASCADE,
        related_name="registrations",
        verbose_name=_("resident"),
    )
    reference = models.CharField(
        _("reference in the source"),
        max_length=60,
        blank=True,
        help_text=_("The key an import knows this row by; never a citizen number."),
    )
    theme = models.ForeignKey(
        "courses.Theme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("theme"),
    )
    offering = models.ForeignKey(
        "courses.Offering",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("offering"),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=RegistrationState,
        default=RegistrationState.WAITING,
    )
    need_class = models.PositiveSmallIntegerField(
        _("need class (1 first)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    norm_date = models.DateField(_("seat due on"))
    allowed_levels = ArrayField(
        models.PositiveSmallIntegerField(choices=LevelOfCare),
        verbose_name=_("levels of care allowed"),
        default=_light_only,
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, help_text=_("2 when a companion takes part.")
    )
    one_to_one_reason = models.ForeignKey(
        ReasonCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("reason for one-to-one"),
    )
    reason_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reason written by"),
    )
    reason_at = models.DateTimeField(_("reason written at"), null=True, blank=True)
    group_first_set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group first set aside by"),
    )
    group_first_set_aside_at = models.DateTimeField(
        _("group first set aside at"), null=True, blank=True
    )
    paused_until = models.DateField(
        _("paused until"),
        null=True,
        blank=True,
        help_text=_("No seat is offered before this day; the place in turn stays."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    once = models.UUIDField(
        _("mark of the form"), null=True, blank=True, editable=False
    )

    if TYPE_CHECKING:  # what selectors add to a row
        seats_held: list[Enrolment]

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["need_class", "registered_at", "pk"]
        indexes = [
            models.Index(
                fields=["state", "need_class", "registered_at"],
                name="courses_registration_queue",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="courses_registration_reference_once",
                violation_error_message=_(
                    "There is already a row with that reference."
                ),
            ),
            models.UniqueConstraint(
                fields=["id", "resident"], name="courses_registration_of_resident"
            ),
            models.UniqueConstraint(
                fields=["made_by", "once"],
                name="courses_registration_form_once",
                violation_error_message=_("This form was sent already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values),
                name="courses_registration_state_known",
                violation_error_message=_("Choose a state from the list."),
            ),
            models.CheckConstraint(
                condition=Q(need_class__range=(1, 5)),
                name="courses_registration_need_class",
                violation_error_message=_("The need class is a number from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(seats__range=(1, 2)),
                name="courses_registration_seats",
                violation_error_message=_(
                    "A registration is for one seat, or two with a companion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(allowed_levels__len__gte=1)
                & Q(allowed_levels__contained_by=LevelOfCare.values),
                name="courses_registration_levels",
                violation_error_message=_("Choose at least one level of care."),
            ),
            models.CheckConstraint(
                condition=Q(theme__isnull=True) | Q(offering__isnull=True),
                name="courses_registration_one_wish",
                violation_error_message=_(
                    "Ask for a theme or for an offering, not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    one_to_one_reason__isnull=True,
                    reason_by__isnull=True,
                    reason_at__isnull=True,
                )
                | Q(
                    one_to_one_reason__isnull=False,
                    reason_by__isnull=False,
                    reason_at__isnull=False,
                ),
                name="courses_registration_reason_has_author",
                violation_error_message=_(
                    "A reason for one-to-one always says who wrote it and when."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    group_first_set_aside_by__isnull=True,
                    group_first_set_aside_at__isnull=True,
                )
                | Q(
                    group_first_set_aside_by__isnull=False,
                    group_first_set_aside_at__isnull=False,
                ),
                name="courses_registration_set_aside_has_author",
                violation_error_message=_(
                    "Setting group first aside always says who did it and when."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"


class RegistrationChoice(models.Model):
    """One thing a resident would take: an offering, a series, or one open session."""

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="choices",
        verbose_name=_("registration"),
    )
    rank = models.PositiveSmallIntegerField(_("rank (1 first)"))
    offering = models.ForeignKey(
        "courses.Offering",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="choices",
        verbose_name=_("offering"),
    )
    series = models.ForeignKey(
        "courses.Series",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="choices",
        verbose_name=_("series"),
    )
    session = models.ForeignKey(
        "courses.Session",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="choices",
        verbose_name=_("session"),
    )

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["registration", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "rank"],
                name="courses_choice_rank_once",
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Each choice has its own rank."),
            ),
            models.UniqueConstraint(
                fields=["registration", "offering", "series", "session"],
                nulls_distinct=False,
                name="courses_choice_once",
                violation_error_message=_("This choice is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(
                    offering__isnull=False, series__isnull=True, session__isnull=True
                )
                | Q(offering__isnull=True, series__isnull=False, session__isnull=True)
                | Q(offering__isnull=True, series__isnull=True, session__isnull=False),
                name="courses_choice_one_thing",
                violation_error_message=_(
                    "A choice is one offering, one series or one session."
                ),
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1),
                name="courses_choice_rank",
                violation_error_message=_("Ranks start at 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk}"
