"""Organisations, municipalities and places: the ground everything else stands on."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import FormOfAddress, OrganisationKind, SchoolRegion


class Organisation(models.Model):
    """A party that owns rooms, employs people or answers for their data."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind)
    form_of_address = models.CharField(
        _("form of address"),
        max_length=2,
        choices=FormOfAddress,
        default=FormOfAddress.U,
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values),
                name="people_organisation_kind_known",
                violation_error_message=_(
                    "Choose a kind of organisation from the list."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality by its CBS code, with the school-holiday region it lies in."""

    code = models.CharField(
        _("CBS code"),
        max_length=6,
        primary_key=True,
        validators=[
            RegexValidator(
                r"^GM\d{4}$",
                _("Write the CBS code as GM and four digits, like GM0150."),
            )
        ],
    )
    name = models.CharField(_("name"), max_length=80, unique=True)
    school_region = models.CharField(
        _("school-holiday region"), max_length=6, choices=SchoolRegion
    )
    inhabitants = models.PositiveIntegerField(
        _("inhabitants"),
        null=True,
        blank=True,
        help_text=_("For figures per 1,000 inhabitants; leave empty if not known."),
    )

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school_region__in=SchoolRegion.values),
                name="people_municipality_region_known",
                violation_error_message=_(
                    "Choose the school-holiday region: North, Central or South."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A town, village or neighbourhood with one point on the map (WGS 84 degrees)."""

    name = models.CharField(_("name"), max_length=80)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        related_name="places",
        verbose_name=_("municipality"),
    )
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    source = models.CharField(_("source of the coordinates"), max_length=80)
    postcode4 = models.CharField(
        _("postcode (four digits)"),
        max_length=4,
        blank=True,
        help_text=_("By which people find what is near, where they know no place."),
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "municipality"],
                name="people_place_once",
                violation_error_message=_("This municipality already has this place."),
            ),
            models.CheckConstraint(
                condition=Q(postcode4="") | Q(postcode4__regex=r"^[1-9][0-9]{3}$"),
                name="people_place_postcode4",
                violation_error_message=_(
                    "Write the four digits of the postcode, from 1000 to 9999."
                ),
            ),
            models.CheckConstraint(
                condition=Q(lat__range=(50.5, 53.8), lon__range=(3.2, 7.3)),
                name="people_place_in_the_netherlands",
                violation_error_message=_(
                    "These coordinates lie outside the Netherlands. Give the latitude "
                    "(50.5 to 53.8) and the longitude (3.2 to 7.3) in degrees."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
