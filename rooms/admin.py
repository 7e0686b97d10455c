"""Admin pages of rooms, for centre managers of their own organisation."""

from __future__ import annotations

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedInline, ScopedLoggingAdmin
from rooms.models import (
    CalendarSource,
    Centre,
    Closure,
    ExtraHours,
    OpeningHours,
    Room,
    RoomBooking,
    RoomFeature,
    TravelTime,
)

LOOKERS = frozenset({"coordinator"})
MANAGERS = frozenset({"centre_manager", "functional_administrator"})


class HoursInline(ScopedInline):
    """Opening hours of a centre."""

    model = OpeningHours


class ClosureInline(ScopedInline):
    """Closures of a centre."""

    model = Closure


class OwnRoomsAdmin(ScopedLoggingAdmin):
    """The owner's managers change; the owner's coordinators look."""

    view_roles = LOOKERS
    change_roles = MANAGERS


@admin.register(Centre)
class CentreAdmin(OwnRoomsAdmin):
    """Centres with opening hours and closures."""

    organisation_path = "organisation"
    list_display = ("name", "kind", "organisation", "place", "bookable", "active")
    list_filter = ("kind", "bookable", "active")
    list_select_related = ("organisation", "place")
    search_fields = ("name", "code")
    inlines = (HoursInline, ClosureInline)


@admin.register(Room)
class RoomAdmin(OwnRoomsAdmin):
    """Rooms with their features."""

    organisation_path = "centre__organisation"
    list_display = ("name", "centre", "capacity", "changeover_minutes", "active")
    list_filter = ("active", "features")
    list_select_related = ("centre",)
    search_fields = ("name", "centre__name")
    filter_horizontal = ("features",)


@admin.register(RoomBooking)
class RoomBookingAdmin(OwnRoomsAdmin):
    """Bookings by others."""

    organisation_path = "room__centre__organisation"
    list_display = ("room", "period", "state", "booked_by")
    list_filter = ("state",)
    list_select_related = ("room__centre", "booked_by")
    autocomplete_fields = ("room",)
    readonly_fields = ("requested_by", "source", "made_at")


@admin.register(ExtraHours)
class ExtraHoursAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Rooms that were asked for, beside the usual hours; the centre answers itself."""

    organisation_path = "centre__organisation"
    view_roles = LOOKERS | frozenset({"functional_administrator"})
    list_display = ("centre", "room", "weekday", "start", "end", "state")
    list_filter = ("state",)
    list_select_related = ("centre", "room__centre")
    actions = ()


@admin.register(CalendarSource)
class CalendarSourceAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Agendas of rooms, without their addresses; pages of the centre change them."""

    organisation_path = "room__centre__organisation"
    view_roles = LOOKERS | frozenset({"functional_administrator"})
    exclude = ("sealed_address", "tag", "fingerprint")
    list_display = ("room", "kind", "host", "state", "good_at")
    list_filter = ("kind", "state")
    list_select_related = ("room__centre",)
    actions = ()


@admin.register(RoomFeature)
class RoomFeatureAdmin(ScopedLoggingAdmin):
    """Features that rooms can have, for the whole region."""

    view_roles = LOOKERS | frozenset({"centre_manager"})
    change_roles = frozenset({"functional_administrator"})
    list_display = ("code", "name_nl", "name_en", "is_access")


@admin.register(TravelTime)
class TravelTimeAdmin(ScopedLoggingAdmin):
    """Minutes between places, written by coordinators."""

    change_roles = LOOKERS
    list_display = ("from_place", "to_place", "minutes")
    list_select_related = ("from_place", "to_place")
    autocomplete_fields = ("from_place", "to_place")
