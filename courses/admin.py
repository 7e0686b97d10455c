"""Admin pages of courses. Seats and sessions are to look at: services write them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from audit.admin_base import ReadOnlyMixin, ScopedInline, ScopedLoggingAdmin
from courses.enums import SeriesState
from courses.models import (
    Absence,
    Assignment,
    Enrolment,
    ImportWork,
    MailLink,
    Offering,
    OfferingStaffNeed,
    ReasonCode,
    RegionImport,
    Registration,
    RegistrationChoice,
    Series,
    SeriesLeader,
    SeriesWindow,
    Session,
    SessionLeader,
    StandInAsk,
    Theme,
    TurnChange,
)

COORDINATORS = frozenset({"coordinator"})
ADMINISTRATORS = frozenset({"functional_administrator"})


@admin.register(Theme, ReasonCode)
class SharedWordsAdmin(ScopedLoggingAdmin):
    """Themes and reason codes of the whole region."""

    view_roles = COORDINATORS
    change_roles = ADMINISTRATORS
    list_display = ("code", "name_nl", "name_en")
    search_fields = ("code", "name_nl")


class NeedInline(ScopedInline):
    """Staff an offering needs."""

    model = OfferingStaffNeed


@admin.register(Offering)
class OfferingAdmin(ScopedLoggingAdmin):
    """The catalogue of the account's organisation."""

    organisation_path = "organisation"
    change_roles = COORDINATORS
    list_display = ("title_nl", "kind", "organisation", "format", "in_catalogue")
    list_filter = ("kind", "format", "in_catalogue")
    list_select_related = ("organisation",)
    search_fields = ("title_nl", "code")
    filter_horizontal = ("themes", "required_features")
    inlines = (NeedInline,)


class WindowInline(ScopedInline):
    """Hours at which a series may be held."""

    model = SeriesWindow


class SeriesLeaderInline(ScopedInline):
    """Leaders of a series."""

    model = SeriesLeader
    autocomplete_fields = ("facilitator",)


@admin.register(Series)
class SeriesAdmin(ScopedLoggingAdmin):
    """Series: to be changed while they are still to be planned."""

    organisation_path = "offering__organisation"
    person_path = "leaders__person"
    change_roles = COORDINATORS
    list_display = ("__str__", "offering", "state", "weekday", "start_time", "room")
    list_filter = ("state",)
    list_select_related = ("offering", "room__centre")
    search_fields = ("offering__title_nl", "reference")
    autocomplete_fields = ("offering", "room", "centre", "preferred_leaders", "follows")
    inlines = (WindowInline, SeriesLeaderInline)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Once it is in people's agendas, only a release changes a series."""
        planned = not isinstance(obj, Series) or obj.state == SeriesState.PLANNED
        return planned and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As for changing."""
        return self.has_change_permission(request, obj)


class SessionLeaderInline(ReadOnlyMixin, ScopedInline):
    """Leaders of a session."""

    model = SessionLeader


@admin.register(Session)
class SessionAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Published sessions; a release or a move changes them, never a form here."""

    organisation_path = "series__offering__organisation"
    person_path = "leaders__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "series", "number", "period", "room", "state")
    list_filter = ("state",)
    list_select_related = ("series", "room__centre")
    inlines = (SessionLeaderInline,)
    actions = ()


@admin.register(StandInAsk)
class StandInAskAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Which colleagues were asked to take over a meeting, and their answers."""

    organisation_path = "session__series__offering__organisation"
    person_path = "facilitator__person"
    view_roles = COORDINATORS
    exclude = ("token_hash",)
    list_display = ("facilitator", "session", "missing", "state", "asked_at")
    list_filter = ("state",)
    list_select_related = ("facilitator", "session", "missing")
    actions = ()


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Which leaders were asked to lead what, and their answers."""

    organisation_path = "series__offering__organisation"
    person_path = "facilitator__person"
    view_roles = COORDINATORS
    exclude = ("token_hash",)
    list_display = ("facilitator", "series", "session", "state", "reason", "asked_at")
    list_filter = ("state", "reason")
    list_select_related = ("facilitator", "series", "session")
    actions = ()


class ChoiceInline(ScopedInline):
    """What the resident would take, ranked."""

    model = RegistrationChoice
    autocomplete_fields = ("offering", "series")
    exclude = ("session",)


@admin.register(Registration)
class RegistrationAdmin(ScopedLoggingAdmin):
    """Registrations of residents whose data the account's organisation keeps."""

    organisation_path = "resident__person__organisation"
    person_path = "resident__person"
    change_roles = COORDINATORS
    list_display = (
        "__str__",
        "state",
        "need_class",
        "registered_at",
        "norm_date",
        "theme",
        "offering",
    )
    list_filter = ("state", "need_class")
    list_select_related = ("theme", "offering")
    search_fields = ("reference",)
    autocomplete_fields = ("resident", "theme", "offering")
    # Who wrote a reason, or set group first aside, is written by the services.
    readonly_fields = (
        "one_to_one_reason",
        "reason_by",
        "reason_at",
        "group_first_set_aside_by",
        "group_first_set_aside_at",
        "made_by",
    )
    inlines = (ChoiceInline,)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        """The order of a waiting list changes with a reason only (services.turns)."""
        fixed = ("state", "need_class", "registered_at") if obj is not None else ()
        return (*self.readonly_fields, *fixed)


@admin.register(TurnChange)
class TurnChangeAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Whose turn was changed by hand, why and by whom."""

    organisation_path = "registration__resident__person__organisation"
    person_path = "registration__resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "was", "now", "reason", "changed_by", "changed_at")
    list_filter = ("reason",)
    list_select_related = ("changed_by",)
    actions = ()


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Seats; enrolling and withdrawing go through the services that count them."""

    organisation_path = "series__offering__organisation"
    person_path = "resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "series", "state", "seats", "made_at")
    list_filter = ("state",)
    list_select_related = ("series",)
    actions = ()


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Dates that somebody said beforehand to miss."""

    organisation_path = "enrolment__series__offering__organisation"
    person_path = "enrolment__resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "session", "said_at")
    list_select_related = ("session",)
    actions = ()


@admin.register(MailLink)
class MailLinkAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Links that were sent; the secret itself is nowhere. For the whole region."""

    view_roles = ADMINISTRATORS
    region_only = True
    list_display = ("__str__", "purpose", "made_at", "expires_at", "used_at")
    list_filter = ("purpose",)
    exclude = ("secret_hash", "asked_by")
    actions = ()


@admin.register(RegionImport)
class RegionImportAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Who loaded a region's file and when; its rows are shown to nobody here."""

    view_roles = COORDINATORS
    region_only = True
    list_display = ("__str__", "made_by", "made_at", "loaded_at")
    list_select_related = ("made_by",)
    actions = ()


@admin.register(ImportWork)
class ImportWorkAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Large files that a worker goes through; their rows are shown to nobody here."""

    view_roles = COORDINATORS
    region_only = True
    list_display = ("__str__", "made_by", "act", "state", "asked_at")
    list_select_related = ("made_by",)
    exclude = ("files", "refusal")
    actions = ()
