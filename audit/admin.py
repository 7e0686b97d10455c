"""The access log for the privacy officer: to read, never to change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Reading the log is logged too, with the persons that were on the page."""

    person_path = "subject_ids"
    view_roles = frozenset({"privacy_officer"})
    list_display = (
        "at",
        "event_code",
        "action",
        "actor_id",
        "actor_role",
        "actor_organisation",
        "object_kind",
        "object_id",
        "purpose",
        "where",
        "result",
    )
    list_filter = ("action", "result", "event_code")
    date_hierarchy = "at"
    search_fields = ("=actor_id", "=object_id", "=trace_id")
    actions = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """All lines for the region's officer; else those of the own organisations."""
        rows = super().get_queryset(request)
        scope = self._scope(request, self.view_roles)
        if scope is None:
            return rows
        user: Any = request.user
        codes = [code for code in user.organisation_codes.split(",") if code]
        if not codes:
            return rows.none()
        own = (Q(actor_organisation__regex=rf"(^|,){code}(,|$)") for code in codes)
        return rows.filter(reduce(or_, own))

    def _subjects(self, pks: Iterable[Any]) -> list[Any]:
        found = AuditEvent.objects.filter(pk__in=list(pks))
        lists = found.values_list("subject_ids", flat=True)
        return sorted({pk for ids in lists for pk in ids})
