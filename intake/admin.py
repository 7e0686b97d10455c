"""Admin pages of intake."""

from __future__ import annotations

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from intake.models import Consultation, Referral

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
