"""The outbox in the admin: to look at; reviewing has its own page and services."""

from __future__ import annotations

from django.contrib import admin

from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from messaging.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Messages to persons whose data the account's organisation keeps."""

    organisation_path = "recipient__organisation"
    person_path = "recipient"
    view_roles = frozenset({"coordinator"})
    list_display = ("__str__", "channel", "subject", "state", "created_at", "sent_at")
    list_filter = ("state", "channel")
    actions = ()
