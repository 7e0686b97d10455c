"""Admin pages of planning: what was planned is looked at, what is fixed is changed.

Runs and schedules are written by services alone. The facts and plans of a run are
pseudonymous data about health; they are not shown here (``services.files`` reads them).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from people.enums import Role
from scheduling.models import (
    AcceptedViolation,
    HelpStep,
    LeftOut,
    PlanningRun,
    Repair,
    RepairAlternative,
    Schedule,
    ScheduledSeat,
    ScheduleEdit,
    ScheduleTransfer,
    SeatPin,
    SeriesPin,
    WishImportance,
)

COORDINATORS = frozenset({Role.COORDINATOR.value})
PLANNERS = COORDINATORS | {Role.FUNCTIONAL_ADMINISTRATOR.value}
HEAVY = ("problem", "rows", "plan", "incumbent", "told", "progress")


class RegionAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """What is of the whole region: seen by those who plan for the whole region."""

    view_roles = PLANNERS
    region_only = True


@admin.register(PlanningRun)
class PlanningRunAdmin(RegionAdmin):
    """Runs, without the facts they were made from."""

    list_display = (
        "__str__",
        "kind",
        "first_date",
        "state",
        "asked_at",
        "placed",
        "unplaced",
        "value",
        "bound",
    )
    list_filter = ("state", "kind")
    date_hierarchy = "first_date"
    exclude = HEAVY

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Runs without their heavy columns."""
        return super().get_queryset(request).defer(*HEAVY)


@admin.register(Schedule)
class ScheduleAdmin(RegionAdmin):
    """Drafts, and what was published when."""

    list_display = ("__str__", "kind", "first_date", "state", "made_at", "published_at")
    list_filter = ("state", "kind")
    date_hierarchy = "first_date"


@admin.register(AcceptedViolation)
class AcceptedViolationAdmin(RegionAdmin):
    """Who accepted which breach in which draft."""

    list_display = ("__str__", "schedule", "rule", "accepted_by", "accepted_at")
    list_filter = ("rule",)
    list_select_related = ("schedule", "accepted_by")


@admin.register(ScheduleEdit)
class ScheduleEditAdmin(RegionAdmin):
    """Who changed what in a draft by hand, and what was undone."""

    list_display = ("__str__", "schedule", "number", "kind", "state", "made_at")
    list_filter = ("kind", "state")
    list_select_related = ("schedule",)


@admin.register(Repair)
class RepairAdmin(RegionAdmin):
    """What happened to a published week."""

    list_display = ("__str__", "kind", "first_day", "last_day", "chosen", "reported_at")
    list_filter = ("kind",)


@admin.register(RepairAlternative)
class RepairAlternativeAdmin(RegionAdmin):
    """The ways out that were found, without the plans they are."""

    list_display = ("__str__", "repair", "rank")
    list_select_related = ("repair",)
    exclude = ("plan",)


class RegistrationRowAdmin(ScopedLoggingAdmin):
    """What was decided about a registration: seen where its resident is kept."""

    organisation_path = "registration__resident__person__organisation"
    person_path = "registration__resident__person"


@admin.register(ScheduledSeat)
class ScheduledSeatAdmin(ReadOnlyMixin, RegistrationRowAdmin):
    """Seats that a schedule gives."""

    view_roles = COORDINATORS
    list_display = ("__str__", "schedule", "registration", "series")
    list_select_related = ("schedule", "registration", "series")


@admin.register(LeftOut)
class LeftOutAdmin(ReadOnlyMixin, RegistrationRowAdmin):
    """Who has no seat in a schedule, and which rules stand in the way."""

    view_roles = COORDINATORS
    list_display = ("__str__", "schedule", "registration")
    list_select_related = ("schedule", "registration")


@admin.register(WishImportance)
class WishImportanceAdmin(RegionAdmin):
    """What the region finds less or more important; changed where plans are made."""

    list_display = ("wish", "importance", "changed_by", "changed_at")
    list_select_related = ("changed_by",)


@admin.register(ScheduleTransfer)
class ScheduleTransferAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Who goes to another group when a draft is released."""

    organisation_path = "enrolment__resident__person__organisation"
    person_path = "enrolment__resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "edit", "enrolment", "series")
    list_select_related = ("edit", "enrolment", "series")


@admin.register(HelpStep)
class HelpStepAdmin(ReadOnlyMixin, RegistrationRowAdmin):
    """What was done for who is left out, and who agreed."""

    view_roles = COORDINATORS
    list_display = ("__str__", "kind", "state", "made_at", "agreed_on")
    list_filter = ("kind", "state")
    list_select_related = ("schedule", "registration")


class PinAdmin(ScopedLoggingAdmin):
    """Pins: kept with the name of who pinned."""

    change_roles = COORDINATORS
    readonly_fields = ("made_by", "made_at")

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        """Save, with the account that pinned."""
        obj.made_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(SeriesPin)
class SeriesPinAdmin(PinAdmin):
    """What must be so for a series of the account's organisation."""

    organisation_path = "series__offering__organisation"
    list_display = ("__str__", "series", "first_start", "room", "closed", "made_at")
    list_select_related = ("series", "room")
    autocomplete_fields = ("series", "room")


@admin.register(SeatPin)
class SeatPinAdmin(PinAdmin, RegistrationRowAdmin):
    """Who must sit where."""

    list_display = ("__str__", "registration", "series", "made_at")
    list_select_related = ("registration", "series")
    autocomplete_fields = ("registration", "series")
