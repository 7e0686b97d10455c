"""What narrows a list of facts: a search, and words to choose from.

An address of a narrowed list holds keys and what is searched in titles of the offer;
names of people never come into an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

CLASS = "utrecht-select utrecht-select--html-select"


class ListFilter(forms.Form):
    """Every field may stay empty; what is not in a list counts as not chosen."""

    def __init__(
        self,
        data: Any,
        *,
        search: Any = "",
        selects: Mapping[str, tuple[Any, Sequence[tuple[Any, Any]]]],
    ) -> None:
        super().__init__(data)
        if search:
            self.fields["zoek"] = forms.CharField(
                label=search,
                required=False,
                max_length=60,
                widget=forms.TextInput(
                    attrs={
                        "class": "utrecht-textbox utrecht-textbox--html-input",
                        "type": "search",
                        "placeholder": search,
                    }
                ),
            )
        for name, (everything, choices) in selects.items():
            words = [(value, capfirst(str(text))) for value, text in choices]
            self.fields[name] = forms.ChoiceField(
                label=everything,
                choices=[("", everything), *words],
                required=False,
                widget=forms.Select(attrs={"class": CLASS}),
            )
        # An old address may name what is no longer there: as if it were left empty.
        known = {
            name: {str(value) for value, _text in choices}
            for name, (_everything, choices) in selects.items()
        }
        self.data = {
            name: value
            for name in self.fields
            if (value := self.data.get(name))
            and (name not in known or value in known[name])
        }

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as far as it is possible."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def number(self, name: str) -> int | None:
        """The key of a row that was chosen; None without one."""
        value = self.chosen.get(name, "")
        return int(value) if value.isdigit() else None


IN_USE = [("ja", _("in use")), ("nee", _("out of use"))]


def in_use(chosen: Mapping[str, str]) -> bool | None:
    """Whether rows in use were asked for, rows out of use, or both (None)."""
    return {"ja": True, "nee": False}.get(chosen.get("gebruik", ""))
