"""Rooms that are asked of a centre for our groups, beside its usual hours.

The centre answers, and says which room it is; only then the planner uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from publishing.views.access import for_managers, own_centre, refuse
from rooms.selectors import (
    feature_names,
    rooms_of,
)
from rooms.selectors.kept import hours_asked
from rooms.services.hours import give_hours, refuse_hours, withdraw_hours

if TYPE_CHECKING:
    from rooms.models import Centre, ExtraHours

BAD_REQUEST = 400


class GiveForm(forms.Form):
    """Which room: one there is, or one that is not in the list yet."""

    room: Any = forms.ModelChoiceField(
        label=_("Room"), queryset=None, required=False, empty_label=_("another room")
    )
    name = forms.CharField(
        label=_("Name of the other room"), max_length=80, required=False
    )
    capacity = forms.IntegerField(
        label=_("Its chairs"), min_value=1, max_value=1000, required=False
    )

    def __init__(self, *args: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["room"]
        field.queryset = rooms
        field.label_from_instance = lambda room: (
            _now("%(name)s (%(seats)s seats)")
            % {"name": room.name, "seats": room.capacity}
        )


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def asked(request: HttpRequest, own: list[Centre], code: str) -> HttpResponse:
    """What is asked, with a yes and a no; and what was given, to be taken back."""
    centre = own_centre(request, own, code)
    rows = hours_asked(centre_ids=[centre.pk], today=timezone.localdate())
    rooms = rooms_of(centre_ids=[centre.pk])
    bound: tuple[int, GiveForm] | None = None
    status = 200
    if request.method == "POST":
        key = request.POST.get("hours", "")
        row = next((one for one in rows if str(one.pk) == key), None)
        if row is None:
            refuse(request, "hours.answer", key)
        form = GiveForm(request.POST, rooms=rooms, auto_id=f"give{row.pk}_%s")
        if _answered(request, row, form):
            return redirect(request.path)
        bound, status = (row.pk, form), BAD_REQUEST
    names = feature_names()
    context = {
        "centre": centre,
        "page": "asked",
        "asked": [
            _line(one, names)
            | {
                "form": bound[1]
                if bound and bound[0] == one.pk
                else GiveForm(rooms=rooms, auto_id=f"give{one.pk}_%s"),
                "open": bool(bound and bound[0] == one.pk),
            }
            for one in rows
            if one.state == "asked"
        ],
        "given": [_line(one, names) for one in rows if one.state == "given"],
    }
    return render(request, "publishing/centre_asked.html", context, status=status)


def _line(row: ExtraHours, names: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row,
        "needs": ", ".join(names.get(code, code) for code in row.features),
    }


def _answered(request: HttpRequest, row: ExtraHours, form: GiveForm) -> bool:
    actor, act = Actor.of(request.user), request.POST.get("act")
    try:
        if act == "give":
            if not form.is_valid():
                return False
            give_hours(actor=actor, hours_id=row.pk, **form.cleaned_data)
            messages.success(request, _now("The room is given. Groups may be planned."))
        elif act == "refuse":
            refuse_hours(actor=actor, hours_id=row.pk)
            messages.success(request, _now("The request is refused."))
        elif act == "withdraw":
            withdraw_hours(actor=actor, hours_id=row.pk)
            messages.success(
                request, _now("No new group is planned in these hours any more.")
            )
        else:
            return False
    except ValidationError as error:
        form.is_valid()
        form.add_error(None, error)
        return False
    return True
