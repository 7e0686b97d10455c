"""A form for one row and what hangs on it, made from the fields that the row has.

It carries a version: a mark of the facts that it was made with. Facts leave it as the
services take them, by the names of the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.forms.models import ModelMultipleChoiceField, fields_for_model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _now

from audit.rows import differing, version_of
from scheduling.words import DASH

Choices = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Lines:
    """A table inside a form; a line that is left empty is no line.

    `columns` make a field each, by name; those in `needed` must be filled in on a line
    that has anything. Filled in lines become tuples in the order of the columns.
    """

    name: str
    label: Any
    columns: Mapping[str, Callable[[], forms.Field]]
    needed: tuple[str, ...]
    hint: Any = ""
    spare: int = 1
    most: int = 14


@dataclass(frozen=True)
class Group:
    """Fields that are shown together, by name."""

    title: Any
    names: tuple[str, ...]
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a form of one kind of row asks: groups of fields, and tables of lines.

    `made` gives a field its own form; others are those of the model.
    """

    groups: tuple[Group, ...]
    lines: tuple[Lines, ...] = ()
    made: Mapping[str, forms.Field] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for group in self.groups for name in group.names)


def several(label: Any, choices: Choices, **more: Any) -> forms.MultipleChoiceField:
    """Some out of a few words, to tick."""
    return forms.MultipleChoiceField(
        label=label,
        choices=[(value, capfirst(str(words))) for value, words in choices],
        widget=forms.CheckboxSelectMultiple,
        **more,
    )


def day(label: Any, **more: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


def clock_time(label: Any, **more: Any) -> forms.TimeField:
    """A time of day, with the browser's own clock."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        **more,
    )


def one_of(label: Any, choices: Choices, **more: Any) -> forms.TypedChoiceField:
    """One key out of a list, or none; keys are numbers."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", DASH), *choices],
        coerce=int,
        empty_value=None,
        required=False,
        **more,
    )


class FactForm(forms.Form):
    """The facts of one row. Built from a `Shape`; asks nothing of the database but
    the choices."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        table: type[Model],
        shape: Shape,
        facts: Mapping[str, Any],
    ) -> None:
        self.shape, self.made_with = shape, facts
        super().__init__(data, initial={**facts, "version": version_of(facts)})
        columns = {one.name for one in table._meta.get_fields()}
        own = fields_for_model(table, [name for name in shape.names if name in columns])
        for name in shape.names:
            self.fields[name] = shape.made.get(name) or _dressed(own[name])
            self.fields[name].help_text = shape.hints.get(
                name, self.fields[name].help_text
            )
        for lines in shape.lines:
            self._add_lines(lines, facts.get(lines.name, ()))

    # --- Lines ----------------------------------------------------------------------

    def _add_lines(self, lines: Lines, known: Sequence[tuple[Any, ...]]) -> None:
        number = min(len(known) + lines.spare, lines.most)
        if self.is_bound:
            number = max(number, self._posted(lines))
        for row in range(number):
            for place, (column, make) in enumerate(lines.columns.items()):
                made = make()
                made.required = False
                name = f"{lines.name}-{row}-{column}"
                self.fields[name] = made
                if row < len(known):
                    self.initial[name] = known[row][place]

    def _posted(self, lines: Lines) -> int:
        """Lines that came with the form: one more than the highest number there is."""
        start = f"{lines.name}-"
        numbers = [
            int(part)
            for name in self.data
            if name.startswith(start)
            and (part := name.removeprefix(start).partition("-")[0]).isdigit()
            and len(part) < 3
        ]
        return min(max(numbers, default=-1) + 1, lines.most)

    def _rows(self, lines: Lines) -> list[list[str]]:
        first = next(iter(lines.columns))
        found: list[list[str]] = []
        while f"{lines.name}-{len(found)}-{first}" in self.fields:
            found.append(
                [f"{lines.name}-{len(found)}-{name}" for name in lines.columns]
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Lines as tuples; a line that is half filled in names what is missing."""
        data: dict[str, Any] = super().clean() or {}
        for lines in self.shape.lines:
            data[lines.name] = []
            for names in self._rows(lines):
                values = [data.get(name) for name in names]
                if any(name in self.errors for name in names) or not any(
                    value not in (None, "", []) for value in values
                ):
                    continue
                self._line(lines, names, values, data[lines.name])
        return data

    def _line(
        self, lines: Lines, names: list[str], values: list[Any], into: list[Any]
    ) -> None:
        missing = [
            name
            for name, column, value in zip(names, lines.columns, values, strict=True)
            if column in lines.needed and value in (None, "", [])
        ]
        for name in missing:
            self.add_error(
                name, _now("Fill this in too, or leave the whole line empty.")
            )
        if not missing:
            into.append(
                tuple(sorted(one) if isinstance(one, list) else one for one in values)
            )

    # --- In and out -----------------------------------------------------------------

    @property
    def facts(self) -> dict[str, Any]:
        """What was filled in, by the names that the services know."""
        data = self.cleaned_data
        found = {name: data.get(name) for name in self.shape.names}
        for name, value in found.items():
            if isinstance(value, list):
                found[name] = sorted(value)
        return found | {one.name: data[one.name] for one in self.shape.lines}

    def blame(self, error: ValidationError) -> None:
        """Put what a service refused at the fields it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)

    def against(self, facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """Where what is kept now differs from what was filled in: the label, both.

        From here on the form is one of that newer version.
        """
        mine = self.facts
        newer: Any = self.data.copy()  # type: ignore[attr-defined]
        newer["version"] = version_of(facts)
        self.data = newer
        return [
            (
                self._label(name),
                self._shown(name, facts[name]),
                self._shown(name, mine[name]),
            )
            for name in differing(mine, facts)
        ]

    def _label(self, name: str) -> str:
        lines = {one.name: one.label for one in self.shape.lines}
        return str(lines[name] if name in lines else self.fields[name].label)

    def _shown(self, name: str, value: Any) -> str:
        for lines in self.shape.lines:
            if lines.name == name:
                columns = [make() for make in lines.columns.values()]
                rows = [_line_in_words(columns, row) for row in value or ()]
                return "; ".join(rows) or DASH
        return in_words(self.fields[name], value)

    # --- As it is shown -------------------------------------------------------------

    @property
    def parts(self) -> list[tuple[Group, list[BoundField]]]:
        """The groups with their fields."""
        return [
            (group, [self[name] for name in group.names]) for group in self.shape.groups
        ]

    @property
    def tables(self) -> list[tuple[Lines, list[list[BoundField]]]]:
        """The tables with their lines."""
        return [
            (lines, [[self[name] for name in names] for names in self._rows(lines)])
            for lines in self.shape.lines
        ]


def _line_in_words(columns: Sequence[forms.Field], row: Sequence[Any]) -> str:
    said = [
        f"{made.label}: {in_words(made, value)}"
        for made, value in zip(columns, row, strict=True)
        if value not in (None, "", [])
    ]
    return " · ".join(said)


def _dressed(made: forms.Field) -> forms.Field:
    """A field of the model as our pages show it."""
    if isinstance(made, ModelMultipleChoiceField):
        made.widget = forms.CheckboxSelectMultiple()
        # The new widget has to learn the choices.
        made.choices = made.choices
    elif isinstance(made, forms.ModelChoiceField):
        made.empty_label = DASH
    elif isinstance(made, forms.TypedChoiceField):
        choices: Any = made.choices
        made.choices = [(value, capfirst(str(words))) for value, words in choices]
    elif isinstance(made, forms.DateField):
        return day(made.label, required=made.required, help_text=made.help_text)
    elif isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 5
    return made


def rows_field(
    label: Any,
    rows: Any,
    name_of: Callable[[Any], str],
    *,
    required: bool = True,
    tick: bool = False,
) -> Any:
    """One of these rows, or with `tick` some of them, named in our own way."""
    kind = ModelMultipleChoiceField if tick else forms.ModelChoiceField
    made: Any = kind(queryset=rows, label=capfirst(str(label)), required=required)
    made.empty_label = None if tick else _now("Choose") if required else DASH
    made.label_from_instance = name_of
    if tick:
        made.widget = forms.CheckboxSelectMultiple()
        made.choices = made.choices
    return made


def name_of(row: Any) -> str:
    """The name of a theme or feature in the language of the screen."""
    english = (get_language() or "nl").startswith("en") and row.name_en
    return capfirst(english or row.name_nl)


def in_words(made: Any, value: Any) -> str:
    """A fact as a person would read it."""
    if value is None or value == "" or value == []:
        return DASH
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if hasattr(made, "label_from_instance"):
        rows = [value] if isinstance(value, Model) else list(value)
        return ", ".join(str(made.label_from_instance(row)) for row in rows) or DASH
    if isinstance(made, forms.ChoiceField):
        choices: Any = made.choices
        words = {str(key): str(label) for key, label in choices}
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return f"{value:%H.%M}"
    return str(value)
