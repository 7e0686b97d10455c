"""The words of centres and bookings that other apps may use too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CentreKind(models.TextChoices):
    """What sort of building a centre is."""

    NEIGHBOURHOOD_CENTRE = "neighbourhood-centre", _("neighbourhood centre")
    VILLAGE_HALL = "village-hall", _("village hall")
    CULTURE_HOUSE = "culture-house", _("culture house")
    SELF_DIRECTION_CENTRE = "self-direction-centre", _("self-direction centre")
    LIBRARY = "library", _("library")
    GGZ_SITE = "ggz-site", _("mental-health site")
    HEALTH_CENTRE = "health-centre", _("health centre")
    OTHER = "other", _("other")


class Bookable(models.TextChoices):
    """Whether the region plans in the rooms itself or asks their owner."""

    OWN = "own", _("own rooms")
    ON_REQUEST = "on_request", _("on request")


class BookingState(models.TextChoices):
    """The life of a booking by others."""

    REQUESTED = "requested", _("requested")
    CONFIRMED = "confirmed", _("confirmed")
    LAPSED = "lapsed", _("lapsed")
