"""Admin pages of people, for who keeps the data of an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedInline, ScopedLoggingAdmin
from people.enums import Role
from people.models import (
    AvailabilityException,
    AvailabilityWindow,
    Certificate,
    ErasureRequest,
    Facilitator,
    HalfDayWish,
    KeepPair,
    Leave,
    Mandate,
    Municipality,
    Organisation,
    Person,
    Place,
    Qualification,
    Relative,
    Resident,
    RetentionPeriod,
    RetentionRun,
    RoleMembership,
    User,
    Verification,
)

COORDINATORS = frozenset({Role.COORDINATOR.value})
ADMINISTRATORS = frozenset({Role.FUNCTIONAL_ADMINISTRATOR.value})


class SharedTableAdmin(ScopedLoggingAdmin):
    """Tables without persons: coordinators look, functional administrators change."""

    view_roles = COORDINATORS
    change_roles = ADMINISTRATORS


class MembershipInline(ScopedInline):
    """Roles of an account."""

    model = RoleMembership


@admin.register(User)
class UserAdmin(ScopedLoggingAdmin):
    """Accounts, for functional administrators of the whole region.

    Passwords are set by their owners, and nobody is made superuser here.
    """

    person_path = "person"
    change_roles = ADMINISTRATORS
    region_only = True
    list_display = ("email", "is_active", "is_staff", "date_joined")
    search_fields = ("email",)
    fields = ("email", "is_active", "is_staff", "language")
    inlines = (MembershipInline,)


@admin.register(Organisation)
class OrganisationAdmin(SharedTableAdmin):
    """Organisations of the region."""

    list_display = ("name", "code", "kind", "form_of_address")
    list_filter = ("kind",)
    search_fields = ("name", "code")


@admin.register(Municipality)
class MunicipalityAdmin(SharedTableAdmin):
    """Municipalities and their school-holiday region."""

    list_display = ("name", "code", "school_region")


@admin.register(Place)
class PlaceAdmin(SharedTableAdmin):
    """Places with coordinates."""

    list_display = ("name", "municipality", "lat", "lon", "source")
    list_filter = ("municipality",)
    list_select_related = ("municipality",)
    search_fields = ("name",)


@admin.register(Qualification)
class QualificationAdmin(SharedTableAdmin):
    """Qualifications that leaders can hold."""

    list_display = ("name", "code")


class WindowInline(ScopedInline):
    """Weekly availability."""

    model = AvailabilityWindow


class ExceptionInline(ScopedInline):
    """Exceptions to the weekly availability."""

    model = AvailabilityException


@admin.register(Person)
class PersonAdmin(ScopedLoggingAdmin):
    """Persons whose data the account's organisation keeps."""

    organisation_path = "organisation"
    person_path = "pk"
    change_roles = COORDINATORS
    list_display = ("call_name", "organisation", "place", "contact_channel")
    list_select_related = ("organisation", "place")
    search_fields = ("call_name", "alias", "reference")
    autocomplete_fields = ("place",)
    exclude = ("user",)
    inlines = (WindowInline, ExceptionInline)


@admin.register(Resident)
class ResidentAdmin(ScopedLoggingAdmin):
    """Residents: wishes and needs as flags."""

    organisation_path = "person__organisation"
    person_path = "person"
    change_roles = COORDINATORS
    list_display = ("__str__", "travel_limit_minutes", "pace_per_week", "access_needs")
    search_fields = ("person__call_name", "person__reference")
    autocomplete_fields = ("person",)


@admin.register(Relative)
class RelativeAdmin(ScopedLoggingAdmin):
    """Relatives of residents."""

    organisation_path = "resident__person__organisation"
    person_path = "person"
    change_roles = COORDINATORS
    list_display = ("__str__", "joins_conversation")
    autocomplete_fields = ("person", "resident")


class CertificateInline(ScopedInline):
    """Certificates of a facilitator."""

    model = Certificate


class LeaveInline(ScopedInline):
    """Leave of a facilitator."""

    model = Leave


@admin.register(Facilitator)
class FacilitatorAdmin(ScopedLoggingAdmin):
    """Facilitators, with certificates, leave and load limits."""

    organisation_path = "organisation"
    person_path = "person"
    change_roles = COORDINATORS
    list_display = ("__str__", "organisation", "staff_roles", "active")
    list_filter = ("active",)
    list_select_related = ("organisation",)
    search_fields = ("person__call_name", "person__reference")
    autocomplete_fields = ("person", "travel_base")
    inlines = (CertificateInline, LeaveInline)


@admin.register(KeepPair)
class KeepPairAdmin(ScopedLoggingAdmin):
    """Pairs to keep apart or together; there is no field for a reason."""

    organisation_path = "person_a__organisation"
    person_path = "person_a"
    change_roles = COORDINATORS
    list_display = ("__str__", "kind", "person_a", "person_b")
    autocomplete_fields = ("person_a", "person_b")

    def _subjects(self, pks: Iterable[Any]) -> list[Any]:
        rows = KeepPair.objects.filter(pk__in=list(pks))
        pairs = rows.values_list("person_a_id", "person_b_id")
        return sorted({pk for pair in pairs for pk in pair})


@admin.register(Mandate)
class MandateAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Who may act for whom; the resident gives and ends it on a page of his own."""

    organisation_path = "resident__person__organisation"
    person_path = "resident__person"
    view_roles = COORDINATORS
    list_display = ("__str__", "origin", "given_at", "ended_at")
    actions = ()


@admin.register(HalfDayWish)
class HalfDayWishAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """What leaders answered about each part of the week; they change it themselves."""

    organisation_path = "person__organisation"
    person_path = "person"
    view_roles = frozenset({"coordinator"})
    list_display = ("person", "weekday", "half_day", "answer", "reason")
    list_filter = ("weekday", "half_day", "answer")
    list_select_related = ("person",)
    actions = ()


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Requests for erasure; the page of the privacy officer shows them too."""

    organisation_path = "person__organisation"
    person_path = "person"
    view_roles = frozenset({Role.PRIVACY_OFFICER.value})
    list_display = ("__str__", "state", "asked_at", "due_on", "closed_at")
    list_filter = ("state",)
    actions = ()


@admin.register(Verification)
class VerificationAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Checks of referrers; made and ended on a page of their own."""

    person_path = "user__person"
    view_roles = ADMINISTRATORS
    region_only = True
    list_display = ("__str__", "organisation", "register", "verified_at", "expires_on")
    list_filter = ("register", "how")
    list_select_related = ("organisation",)
    actions = ()


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """How long what is kept; the privacy officer changes it on a page of its own."""

    view_roles = frozenset({Role.PRIVACY_OFFICER.value})
    region_only = True
    list_display = ("kind", "organisation", "days", "changed_at")
    list_select_related = ("organisation",)
    actions = ()


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """What went when its time was over: numbers by kind."""

    view_roles = frozenset({Role.PRIVACY_OFFICER.value})
    region_only = True
    list_display = ("at", "erased")
    actions = ()
