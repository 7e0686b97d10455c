"""The form that splits a group: who goes, and when and where the new group meets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms import MoveForm


class SplitForm(MoveForm):
    """Who goes to the new group; its day, time, room and leaders."""

    whole_series = None  # type: ignore[assignment]
    goes = forms.TypedMultipleChoiceField(
        label=_("Who goes to the new group"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In order of placing. Who is not ticked stays."),
    )
    field_order = ("goes", "day", "start", "room", *MoveForm.leader_names())

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goes"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (type checker)
        field.choices = people

    def asked(self) -> list[tuple[str, str]]:
        """What was filled in, field by field; several values of one are all there."""
        data: Any = self.data
        return [
            (name, value)
            for name in self.fields
            for value in data.getlist(name)
            if value
        ]
