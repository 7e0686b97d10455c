"""What a reader can choose in the catalogue; every choice is optional."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.cards import Card
from courses.kinds import OfferingKind, WayIn, kinds_where
from people.enums import HalfDay

if TYPE_CHECKING:
    from courses.models import Theme
    from people.models import Place

WHOLE = "gm:"
"""Before the code of a municipality, where a place is meant to be all of it."""

ANY = [("", _("No preference"))]


class CatalogueFilter(forms.Form):
    """Narrows the catalogue. Built from lists, so that it asks nothing itself."""

    theme = forms.ChoiceField(label=_("What do you want help with?"), required=False)
    place = forms.ChoiceField(label=_("Where do you live?"), required=False)
    half_day = forms.ChoiceField(
        label=_("When can you come?"), required=False, choices=[*ANY, *HalfDay.choices]
    )
    kind = forms.ChoiceField(label=_("What kind of help?"), required=False)
    online = forms.BooleanField(label=_("Only from home (online)"), required=False)
    free = forms.BooleanField(
        label=_("Only where I can start without waiting"), required=False
    )

    def __init__(
        self, data: Any, *, themes: Iterable[Theme], places: Iterable[Place]
    ) -> None:
        super().__init__(data)
        self._places = {str(place.pk): place for place in places}
        self._choices("theme", [(theme.code, str(theme)) for theme in themes])
        self._choices("place", _by_municipality(self._places.values()))
        self._choices("kind", kind_choices())

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [*ANY, *choices]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen rightly; what is not in the lists counts as not chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def home(self) -> Place | None:
        """The place where the reader lives, if one was chosen."""
        return self._places.get(self.chosen.get("place", ""))

    @property
    def narrows_groups(self) -> bool:
        """Whether something was chosen that only a group with a time can meet."""
        return bool(self.chosen.keys() & {"place", "half_day", "online", "free"})

    def shows(self, card: Card, *, limit: int) -> bool:
        """Whether a group meets what was chosen; `limit` is a journey in minutes."""
        chosen = self.chosen
        series = card.series
        if "half_day" in chosen and (
            series.start_time is None
            or HalfDay.at(series.start_time) != chosen["half_day"]
        ):
            return False
        if chosen.get("online") and card.at_a_place:
            return False
        if chosen.get("free") and not card.has_place:
            return False
        place = chosen.get("place", "")
        if not place or series.room is None:
            return True
        if place.startswith(WHOLE):
            there = series.room.centre.place.municipality_id
            return str(there) == place.removeprefix(WHOLE)
        return card.minutes is not None and card.minutes <= limit


def kind_choices() -> list[tuple[str, str]]:
    """Kinds that residents can find in the catalogue."""
    hidden = kinds_where(way_in=WayIn.HELPER)
    return [
        (value, str(label).capitalize())
        for value, label in OfferingKind.choices
        if value not in hidden
    ]


def _by_municipality(places: Iterable[Place]) -> list[tuple[str, list[Any]]]:
    def key(place: Place) -> tuple[str, str]:
        return (place.municipality.name, place.municipality.pk)

    ordered = sorted(places, key=lambda place: (*key(place), place.name))
    return [
        (
            name,
            [
                (WHOLE + code, _("All of %(municipality)s") % {"municipality": name}),
                *((str(place.pk), place.name) for place in group),
            ],
        )
        for (name, code), group in groupby(ordered, key=key)
    ]
