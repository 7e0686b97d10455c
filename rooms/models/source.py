"""A room's own agenda at its owner: an address that is read again and again, or a file.

Of the appointments in it only their hours are kept, as confirmed bookings: never a
title, a name or an id. The address is often secret, so it is kept encrypted.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.enums import SourceKind, SourceProblem, SourceState


class CalendarSource(models.Model):
    """Where a room's own bookings are read from, and how the last reading went.

    `host` is what may be shown of an address. A reading that fails leaves the
    bookings of the last good one; `failures` counts how often in a row.
    """

    room = models.ForeignKey(
        "rooms.Room",
        models.CASCADE,
        related_name="sources",
        verbose_name=_("room"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind)
    sealed_address = models.TextField(_("address (encrypted)"), blank=True)
    host = models.CharField(_("where"), max_length=253, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SourceState, default=SourceState.NEW
    )
    problem = models.CharField(
        _("problem"), max_length=20, choices=SourceProblem, blank=True
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    tag = models.CharField(_("version at the other side"), max_length=200, blank=True)
    fingerprint = models.CharField(_("hash of the content"), max_length=64, blank=True)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    good_at = models.DateTimeField(_("last read well"), null=True, blank=True)

    class Meta:
        verbose_name = _("agenda of a room")
        verbose_name_plural = _("agendas of rooms")
        ordering = ["room", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "kind"],
                name="rooms_source_one_of_a_kind",
                violation_error_message=_(
                    "This room already has such an agenda. Stop that one first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SourceKind.values)
                & Q(state__in=SourceState.values),
                name="rooms_source_codes_known",
                violation_error_message=_("Choose kind and state from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(kind="address") & ~Q(sealed_address="")
                | Q(kind="file", sealed_address=""),
                name="rooms_source_has_address",
                violation_error_message=_("Give the address of the agenda."),
            ),
            models.CheckConstraint(
                condition=Q(state="broken", problem__in=SourceProblem.values)
                | (~Q(state="broken") & Q(problem="")),
                name="rooms_source_broken_says_why",
                violation_error_message=_("Say what is wrong with the agenda."),
            ),
        ]

    def __str__(self) -> str:
        return f"agenda {self.pk}"
