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


class HoursState(models.TextChoices):
    """The life of asking a centre for a room more."""

    ASKED = "asked", _("asked")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


class SourceKind(models.TextChoices):
    """How a room's own bookings come in."""

    ADDRESS = "address", _("by an address that is read again and again")
    FILE = "file", _("by a file, once")


class SourceState(models.TextChoices):
    """How the last reading of a room's own agenda went."""

    NEW = "new", _("not read yet")
    GOOD = "good", _("works")
    BROKEN = "broken", _("cannot be read")


class SourceProblem(models.TextChoices):
    """Why an agenda could not be read; the words say what would be right."""

    ADDRESS = (
        "address",
        _("This is no address of an agenda. It begins with https:// or webcal://."),
    )
    PRIVATE = (
        "private",
        _("This address lies inside a closed network. Give one on the internet."),
    )
    UNKNOWN_HOST = (
        "unknown_host",
        _("This address does not exist. Look whether it was copied whole."),
    )
    UNREACHABLE = (
        "unreachable",
        _("There was no answer. We try again; look whether the address still works."),
    )
    REFUSED = (
        "refused",
        _("The other side refused. Make a new secret address in your agenda."),
    )
    REDIRECTS = (
        "redirects",
        _("The address keeps pointing elsewhere. Give the last address itself."),
    )
    SLOW = (
        "slow",
        _("The answer took too long. We try again; give a smaller agenda if it stays."),
    )
    BIG = (
        "big",
        _("This agenda is larger than 5 MB. Give one with fewer years in it."),
    )
    NO_CALENDAR = (
        "no_calendar",
        _("This is no agenda in iCal form (.ics). Export it anew."),
    )
    MANY = (
        "many",
        _("There are too many appointments in it: more than 5,000 in a year."),
    )
    HEAVY = (
        "heavy",
        _("It repeats in a way that takes too long to work out. Make it simpler."),
    )
