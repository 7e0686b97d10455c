"""Admin pages of intake."""

from __future__ import annotations

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from intake.models import (
    Consultation,
    Outcome,
    ProposedTime,
    Referral,
    TalkRequest,
)

COORDINATORS = frozenset({"coordinator"})


@admin.register(Referral)
class ReferralAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Referrals of residents whose data the account's organisation keeps."""

    organisation_path = "resident__person__organisation"
    person_path = "resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "organisation", "received_on", "target_date", "state")
    list_filter = ("state",)
    list_select_related = ("organisation",)
    actions = ()


@admin.register(Consultation)
class ConsultationAdmin(ScopedLoggingAdmin):
    """Requests to think along, of the account's organisation."""

    organisation_path = "organisation"
    change_roles = COORDINATORS
    list_display = ("__str__", "organisation", "topic", "wished_days", "state")
    list_filter = ("state", "topic")
    list_select_related = ("organisation",)
    readonly_fields = ("asked_by", "series")


@admin.register(ProposedTime)
class ProposedTimeAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Times proposed to residents whose data the account's organisation keeps."""

    organisation_path = "referral__resident__person__organisation"
    person_path = "referral__resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "period", "room", "state")
    list_filter = ("state",)
    list_select_related = ("room__centre",)
    actions = ()


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """What came of conversations, of residents of the account's organisation."""

    organisation_path = "referral__resident__person__organisation"
    person_path = "referral__resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "filled_at")
    actions = ()


@admin.register(TalkRequest)
class TalkRequestAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Requests for a talk, of residents of the account's organisation."""

    organisation_path = "resident__person__organisation"
    person_path = "resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "way", "state", "asked_at")
    list_filter = ("state", "way")
    actions = ()
