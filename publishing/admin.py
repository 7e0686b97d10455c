"""Admin pages of publishing: releases and feed addresses, to be looked at."""

from __future__ import annotations

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from people.enums import Role
from publishing.models import ChangedGroup, ChangedSeat, FeedToken, Release

ADMINISTRATORS = frozenset({Role.FUNCTIONAL_ADMINISTRATOR.value})
PLANNERS = ADMINISTRATORS | {Role.COORDINATOR.value}


@admin.register(Release)
class ReleaseAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """What was published when, without for whom; the coordinator's page shows that."""

    view_roles = PLANNERS
    region_only = True
    list_display = ("__str__", "schedule", "former", "released_by", "released_at")
    list_select_related = ("schedule", "former", "released_by")
    date_hierarchy = "released_at"
    exclude = ("changes",)


@admin.register(ChangedGroup)
class ChangedGroupAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Which groups a release stopped or took online, to be gone back on."""

    view_roles = PLANNERS
    region_only = True
    list_display = ("__str__", "release", "series", "people")
    list_select_related = ("release", "series")


@admin.register(ChangedSeat)
class ChangedSeatAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Whose seat changed with such a group; seen where the resident is kept."""

    organisation_path = "registration__resident__person__organisation"
    person_path = "registration__resident__person"
    view_roles = frozenset({Role.COORDINATOR.value})
    list_display = ("__str__", "release", "registration")
    list_select_related = ("release", "registration")


@admin.register(FeedToken)
class FeedTokenAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Which agendas have an address, never the address: its hash is not shown."""

    person_path = "person"
    view_roles = ADMINISTRATORS
    region_only = True
    list_display = ("__str__", "kind", "made_at", "revoked_at")
    list_filter = ("kind",)
    exclude = ("token_hash",)
