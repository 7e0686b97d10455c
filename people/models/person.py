"""Persons and the parts they play: one person may be resident, relative and leader.

What is kept is the least that planning needs: a name to be called by, one way to
reach someone, a postcode of four digits, and wishes and needs as flags. Diagnoses,
citizen service numbers and notes on health have no field here, on purpose.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from people.enums import (
    AccessNeed,
    ContactChannel,
    FormatWish,
    HalfDay,
    Language,
    PairKind,
    TravelMode,
)


def _dutch() -> list[str]:
    return [Language.DUTCH.value]


POSTCODE4 = RegexValidator(
    r"^[1-9][0-9]{3}$", _("Write the four digits of the postcode, from 1000 to 9999.")
)


class Person(models.Model):
    """A human being, known by the name he or she wants to be called by."""

    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("organisation that keeps the data"),
        help_text=_("Empty: the region keeps the data together."),
    )
    user = models.OneToOneField(
        "people.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    reference = models.CharField(
        _("reference in the source"),
        max_length=60,
        blank=True,
        help_text=_("The key an import knows this row by; never a citizen number."),
    )
    call_name = models.CharField(_("name to be called by"), max_length=60)
    alias = models.CharField(_("alias in groups"), max_length=60, blank=True)
    contact_channel = models.CharField(
        _("way of contact"),
        max_length=10,
        choices=ContactChannel,
        default=ContactChannel.EMAIL,
    )
    contact_address = models.CharField(
        _("address or number"), max_length=120, blank=True
    )
    postcode4 = models.CharField(
        _("postcode (four digits)"), max_length=4, blank=True, validators=[POSTCODE4]
    )
    place = models.ForeignKey(
        "people.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="persons",
        verbose_name=_("place"),
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language),
        verbose_name=_("languages"),
        default=_dutch,
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"],
                condition=~Q(reference=""),
                nulls_distinct=False,
                name="people_person_reference_once",
                violation_error_message=_(
                    "This organisation already has a person with that reference."
                ),
            ),
            models.CheckConstraint(
                condition=Q(postcode4="") | Q(postcode4__regex=r"^[1-9][0-9]{3}$"),
                name="people_person_postcode4",
                violation_error_message=_(
                    "Write the four digits of the postcode, from 1000 to 9999."
                ),
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=Language.values)
                & Q(languages__len__gte=1),
                name="people_person_languages_known",
                violation_error_message=_(
                    "Choose at least one language from the list."
                ),
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__range=(1900, 2100)),
                name="people_person_birth_year",
                violation_error_message=_("Write the year of birth with four digits."),
            ),
            models.CheckConstraint(
                condition=Q(contact_channel="none") | ~Q(contact_address=""),
                name="people_person_reachable",
                violation_error_message=_(
                    "Give an address or number for the chosen way of contact, "
                    "or choose no contact."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def group_name(self) -> str:
        """The name used in groups: the alias if there is one."""
        return self.alias or self.call_name


class Resident(models.Model):
    """A person who looks for, or takes part in, something offered."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="resident", verbose_name=_("person")
    )
    travel_limit_minutes = models.PositiveSmallIntegerField(
        _("longest journey (minutes)"),
        default=30,
        validators=[MaxValueValidator(240)],
    )
    travel_mode = models.CharField(
        _("way of travelling"),
        max_length=20,
        choices=TravelMode,
        default=TravelMode.BICYCLE,
    )
    pace_per_week = models.PositiveSmallIntegerField(
        _("most sessions a week"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
    )
    pace_per_day = models.PositiveSmallIntegerField(
        _("most sessions a day"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
    )
    format_wishes = ArrayField(
        models.CharField(max_length=10, choices=FormatWish),
        verbose_name=_("ways of taking part"),
        default=list,
        blank=True,
        help_text=_("Empty: every way is fine."),
    )
    preferred_half_days = ArrayField(
        models.CharField(max_length=10, choices=HalfDay),
        verbose_name=_("preferred parts of the day"),
        default=list,
        blank=True,
    )
    access_needs = ArrayField(
        models.CharField(max_length=20, choices=AccessNeed),
        verbose_name=_("access needs"),
        default=list,
        blank=True,
    )
    with_companion = models.BooleanField(_("someone comes along"), default=False)

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    travel_limit_minutes__lte=240,
                    pace_per_week__range=(1, 14),
                    pace_per_day__range=(1, 6),
                ),
                name="people_resident_limits",
                violation_error_message=_(
                    "A journey is at most 240 minutes, with 1 to 14 sessions a week "
                    "and 1 to 6 a day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(format_wishes__contained_by=FormatWish.values)
                & Q(preferred_half_days__contained_by=HalfDay.values)
                & Q(access_needs__contained_by=AccessNeed.values),
                name="people_resident_flags_known",
                violation_error_message=_("Choose wishes and needs from the lists."),
            ),
        ]

    def __str__(self) -> str:
        return f"resident {self.pk}"


class Relative(models.Model):
    """A person close to a resident, who may come to a conversation."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="relative_of", verbose_name=_("person")
    )
    resident = models.ForeignKey(
        Resident, models.CASCADE, related_name="relatives", verbose_name=_("resident")
    )
    joins_conversation = models.BooleanField(
        _("comes to the exploratory conversation"), default=True
    )

    class Meta:
        verbose_name = _("relative")
        verbose_name_plural = _("relatives")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "resident"],
                name="people_relative_once",
                violation_error_message=_(
                    "This person is already a relative of this resident."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"relative {self.pk}"


class KeepPair(models.Model):
    """Two persons to keep apart or together. The reason is never stored."""

    kind = models.CharField(_("kind"), max_length=10, choices=PairKind)
    person_a = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="pairs_as_a",
        verbose_name=_("first person"),
    )
    person_b = models.ForeignKey(
        Person,
        models.CASCADE,
        related_name="pairs_as_b",
        verbose_name=_("second person"),
    )

    class Meta:
        verbose_name = _("pair of persons")
        verbose_name_plural = _("pairs of persons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                Least("person_a", "person_b"),
                Greatest("person_a", "person_b"),
                name="people_pair_once",
                violation_error_message=_(
                    "There is already a pair of these two persons."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(person_a=F("person_b")),
                name="people_pair_of_two",
                violation_error_message=_("A pair needs two different persons."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PairKind.values),
                name="people_pair_kind_known",
                violation_error_message=_("Choose keep apart or keep together."),
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"
