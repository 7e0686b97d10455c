"""Facilitators: what they are, what they may lead, and how much they can carry."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.enums import StaffRole


class Qualification(models.Model):
    """A training that a leader needs for some offerings (WRAP, say)."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Facilitator(models.Model):
    """A person who leads groups or conversations for an organisation.

    The load limits are what the person agreed to; empty means no limit. Minutes
    count the sessions themselves; the span of a day runs from the first start to
    the last end.
    """

    person = models.OneToOneField(
        "people.Person",
        models.CASCADE,
        related_name="facilitator",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        related_name="facilitators",
        verbose_name=_("organisation"),
    )
    staff_roles = ArrayField(
        models.CharField(max_length=30, choices=StaffRole), verbose_name=_("roles")
    )
    travel_base = models.ForeignKey(
        "people.Place",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facilitators_based",
        verbose_name=_("starting point of journeys"),
    )
    max_minutes_per_week = models.PositiveIntegerField(
        _("most minutes a week"), null=True, blank=True
    )
    max_sessions_per_day = models.PositiveSmallIntegerField(
        _("most sessions a day"), null=True, blank=True
    )
    max_span_minutes_per_day = models.PositiveSmallIntegerField(
        _("longest day (minutes)"), null=True, blank=True
    )
    max_days_per_week = models.PositiveSmallIntegerField(
        _("most days a week"), null=True, blank=True
    )
    max_block_minutes = models.PositiveSmallIntegerField(
        _("longest time without a break (minutes)"), null=True, blank=True
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("facilitator")
        verbose_name_plural = _("facilitators")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(staff_roles__contained_by=StaffRole.values)
                & Q(staff_roles__len__gte=1),
                name="people_facilitator_roles_known",
                violation_error_message=_("Choose at least one role from the list."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(max_minutes_per_week__isnull=True)
                    | Q(max_minutes_per_week__range=(15, 10080))
                )
                & (
                    Q(max_sessions_per_day__isnull=True)
                    | Q(max_sessions_per_day__range=(1, 20))
                )
                & (
                    Q(max_span_minutes_per_day__isnull=True)
                    | Q(max_span_minutes_per_day__range=(15, 1440))
                )
                & (
                    Q(max_days_per_week__isnull=True)
                    | Q(max_days_per_week__range=(1, 7))
                )
                & (
                    Q(max_block_minutes__isnull=True)
                    | Q(max_block_minutes__range=(15, 1440))
                ),
                name="people_facilitator_limits",
                violation_error_message=_(
                    "A limit is out of range: 15 to 10080 minutes a week, 1 to 20 "
                    "sessions and 15 to 1440 minutes a day, 1 to 7 days a week."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"facilitator {self.pk}"


class Certificate(models.Model):
    """A qualification that a facilitator holds, from a date until before a date."""

    facilitator = models.ForeignKey(
        Facilitator,
        models.CASCADE,
        related_name="certificates",
        verbose_name=_("facilitator"),
    )
    qualification = models.ForeignKey(
        Qualification,
        models.PROTECT,
        related_name="certificates",
        verbose_name=_("qualification"),
    )
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["pk"]
        constraints = [
            ExclusionConstraint(
                name="people_certificate_once_at_a_time",
                expressions=[
                    ("facilitator", RangeOperators.EQUAL),
                    ("qualification", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This facilitator already holds this qualification in that "
                    "period. Change the dates of the other certificate."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False),
                name="people_certificate_not_empty",
                violation_error_message=_(
                    "The last day must come after the first day."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"
