"""The outbox in the admin: messages are looked at, and then approved or dropped."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.actor import Actor
from audit.admin_base import ReadOnlyMixin, ScopedLoggingAdmin
from messaging import services
from messaging.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyMixin, ScopedLoggingAdmin):
    """Messages to persons whose data the account's organisation keeps.

    Here a coordinator lets them go or drops them; the outbox page does more. The
    words of a secret message are shown to nobody.
    """

    exclude = ("body", "link", "address", "sessions", "uid", "fence")
    readonly_fields = ("words",)

    organisation_path = "recipient__organisation"
    person_path = "recipient"
    view_roles = frozenset({"coordinator"})
    list_display = ("__str__", "channel", "subject", "state", "created_at", "sent_at")
    list_filter = ("state", "channel")
    actions = ("approve", "drop")

    @admin.display(description=_("text"))
    def words(self, message: OutboxMessage) -> str:
        """The text, unless it holds a personal link."""
        return "" if message.secret else message.body

    @admin.action(
        description=_("Approve the chosen messages: they may go"), permissions=["view"]
    )
    def approve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let the chosen messages go; those that were reviewed already are left."""
        number = services.approve(
            actor=Actor.of(request.user),
            message_ids=queryset.values_list("pk", flat=True),
        )
        words = ngettext(
            "%(number)d message was approved.",
            "%(number)d messages were approved.",
            number,
        )
        self.message_user(request, words % {"number": number})

    @admin.action(
        description=_("Drop the chosen messages: they never go"), permissions=["view"]
    )
    def drop(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Drop the chosen messages; those that were sent already are left."""
        number = services.drop(
            actor=Actor.of(request.user),
            message_ids=queryset.values_list("pk", flat=True),
        )
        words = ngettext(
            "%(number)d message was dropped.",
            "%(number)d messages were dropped.",
            number,
        )
        self.message_user(request, words % {"number": number})
