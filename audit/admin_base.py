"""The one base class of all admin pages: it shows an account its own scope, and logs.

Scope: an account sees rows of the organisations in which it holds one of the page's
roles; a role for the whole region sees all. Choices in forms follow the same scope.
Log: every list, search, look, change, deletion and export of rows that lead to a
person is written to the access log, and so is a look that was refused.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import lookup_field, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from audit.actor import Actor
from audit.models import Action, Result
from audit.record import ADMINISTRATION, record_event

AUTOCOMPLETE_PAGE = 20


class ScopedChoices:
    """Limits the choices of a form to what the account may see elsewhere."""

    admin_site: admin.AdminSite

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A choice among the rows of the related page's scope."""
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Choices among the rows of the related page's scope."""
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _choices(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        model = db_field.remote_field.model
        related = self.admin_site._registry.get(model)
        if isinstance(related, ScopedLoggingAdmin):
            return related.get_queryset(request)
        return model._default_manager.all()


class ScopedLoggingAdmin(ScopedChoices, admin.ModelAdmin):
    """An admin page for some roles, in their scope, with every use logged.

    `organisation_path` leads from a row to its organisation ("" for tables the
    whole region shares), `person_path` to the person or persons it is about ("" for
    none). `view_roles` may look, `change_roles` may look and change. `region_only`
    asks for a role in the whole region.
    """

    organisation_path = ""
    person_path = ""
    view_roles: frozenset[str] = frozenset()
    change_roles: frozenset[str] = frozenset()
    region_only = False
    actions: tuple[str, ...] = ("export_csv",)
    list_per_page = 50
    show_full_result_count = False

    # --- Scope ------------------------------------------------------------------

    def _scope(self, request: HttpRequest, roles: frozenset[str]) -> Any:
        """Organisation ids for these roles; None = all; empty = nothing."""
        user: Any = request.user
        if user.is_superuser:
            return None
        if not user.is_active or not user.has_role(*roles):
            return frozenset()
        scope = user.organisations_for(*roles)
        return frozenset() if self.region_only and scope is not None else scope

    def _may(
        self, request: HttpRequest, roles: frozenset[str], row: Model | None = None
    ) -> bool:
        scope = self._scope(request, roles)
        if scope is None:
            return True
        if not scope:
            return False
        if row is None or not self.organisation_path:
            return True
        return self._in(scope).filter(pk=row.pk).exists()

    def _in(self, scope: Iterable[int]) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(
            **{f"{self.organisation_path}__in": scope}
        )
        return self.model._default_manager.filter(pk__in=rows.values("pk"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows in the account's scope; none without a role."""
        rows = super().get_queryset(request)
        scope = self._scope(request, self.view_roles | self.change_roles)
        if scope is None or (scope and not self.organisation_path):
            return rows
        return (
            rows.filter(pk__in=self._in(scope).values("pk")) if scope else rows.none()
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the page is in the account's menu."""
        return self.has_view_permission(request)

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """One of the page's roles, in the organisation of the row."""
        return self._may(request, self.view_roles | self.change_roles, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One of the roles that change."""
        return self._may(request, self.change_roles)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """One of the roles that change, in the organisation of the row."""
        return self._may(request, self.change_roles, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As for changing."""
        return self._may(request, self.change_roles, obj)

    # --- Log ---------------------------------------------------------------------

    def _subjects(self, pks: Iterable[Any]) -> list[Any]:
        """Ids of the persons these rows are about."""
        if not self.person_path:
            return []
        found = self.model._default_manager.filter(pk__in=list(pks))
        ids = found.order_by().values_list(self.person_path, flat=True)
        return sorted({pk for pk in ids if pk is not None})

    def _log(
        self,
        request: HttpRequest,
        act: str,
        action: Action,
        pks: Iterable[Any],
        *,
        subjects: list[Any] | None = None,
        result: Result = Result.SUCCESS,
    ) -> None:
        rows = list(pks)
        if not self.person_path and action == Action.READ:
            return
        record_event(
            actor=Actor.of(request.user),
            code=f"admin.{act}",
            action=action,
            purpose=ADMINISTRATION,
            subjects=self._subjects(rows) if subjects is None else subjects,
            object_kind=self.opts.model_name or "",
            object_id=rows[0] if len(rows) == 1 else "",
            result=result,
        )

    @contextmanager
    def _refusal_logged(
        self, request: HttpRequest, object_id: str | None = None
    ) -> Iterator[None]:
        """Write down that a page was refused to an account without the role."""
        try:
            yield
        except PermissionDenied:
            pks = [] if object_id is None else [unquote(object_id)]
            self._log(
                request, "view", Action.READ, pks, subjects=[], result=Result.REFUSED
            )
            raise

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; a search is logged as a search."""
        with self._refusal_logged(request):
            response = super().changelist_view(request, extra_context)
        changes = getattr(response, "context_data", {}).get("cl")
        if changes is not None:
            searched = bool(changes.query)
            self._log(
                request,
                "search" if searched else "list",
                Action.EXECUTE if searched and self.person_path else Action.READ,
                [row.pk for row in changes.result_list],
            )
        return response

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Searching from a form field is logged here; from the list, above."""
        found, twice = super().get_search_results(request, queryset, search_term)
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            page = request.GET.get("page", "1")
            first = (max(int(page), 1) - 1 if page.isdigit() else 0) * AUTOCOMPLETE_PAGE
            shown = found.order_by(*(self.get_ordering(request) or ["pk"]))
            pks = shown.values_list("pk", flat=True)[first : first + AUTOCOMPLETE_PAGE]
            self._log(request, "search", Action.EXECUTE, pks)
        return found, twice

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The form of one row: looking at it is logged, also when refused."""
        with self._refusal_logged(request, object_id):
            response = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        self._log_look(request, object_id, response)
        return response

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The history of one row, logged as a look."""
        with self._refusal_logged(request, object_id):
            response = super().history_view(request, object_id, extra_context)
        self._log_look(request, object_id, response)
        return response

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The question before deleting, logged as a look."""
        with self._refusal_logged(request, object_id):
            response = super().delete_view(request, object_id, extra_context)
        self._log_look(request, object_id, response)
        return response

    def _log_look(
        self, request: HttpRequest, object_id: str | None, response: HttpResponse
    ) -> None:
        if object_id is None:
            return
        pk = unquote(object_id)
        if response.status_code == 200:
            self._log(request, "view", Action.READ, [pk])
        elif request.method == "GET":
            self._log(
                request, "view", Action.READ, [pk], subjects=[], result=Result.REFUSED
            )

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: bool
    ) -> None:
        """Save, refuse what would leave the account's scope, and log."""
        super().save_model(request, obj, form, change)
        if not self._may(request, self.change_roles, obj):
            # Raised inside the page's transaction, so the row is not kept.
            raise PermissionDenied
        action = Action.UPDATE if change else Action.CREATE
        self._log(request, "update" if change else "create", action, [obj.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one row and log whose it was."""
        pk, subjects = obj.pk, self._subjects([obj.pk])
        super().delete_model(request, obj)
        self._log(request, "delete", Action.DELETE, [pk], subjects=subjects)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete the chosen rows and log whose they were."""
        pks = list(queryset.values_list("pk", flat=True))
        subjects = self._subjects(pks)
        super().delete_queryset(request, queryset)
        self._log(request, "delete", Action.DELETE, pks, subjects=subjects)

    # --- Export -------------------------------------------------------------------

    @admin.action(description=_("Export the chosen rows (CSV)"), permissions=["change"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """The columns of the list as CSV; who was in it is logged."""
        names = [name for name in self.get_list_display(request) if name != "__str__"]
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        kind = self.opts.model_name
        response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
        response["Cache-Control"] = "no-store"
        writer = csv.writer(response)
        writer.writerow(["id", *names])
        rows = list(queryset)
        for row in rows:
            values = [lookup_field(name, row, self)[2] for name in names]
            writer.writerow([row.pk, *(as_cell(value) for value in values)])
        self._log(request, "export", Action.EXECUTE, [row.pk for row in rows])
        return response


def as_cell(value: Any) -> str:
    """Text for a spreadsheet; what could be read as a formula is quoted."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


class ScopedInline(ScopedChoices, admin.TabularInline):
    """Rows shown inside a page; its rights and its log are those of the page."""

    extra = 0

    def _page(self) -> ScopedLoggingAdmin:
        page = self.admin_site._registry[self.parent_model]
        if not isinstance(page, ScopedLoggingAdmin):
            raise TypeError(f"{page} is not a scoped page")
        return page

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As the page."""
        return self._page().has_view_permission(request, obj)

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As changing the page's row."""
        return self._page().has_change_permission(request, obj)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As the page."""
        return self._page().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As changing the page's row."""
        return self._page().has_change_permission(request, obj)


class ReadOnlyMixin:
    """Rows that only services may write."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Never."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Never."""
        return False
