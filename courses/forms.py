"""What a reader can choose in the catalogue; every choice is optional.

The address of a narrowed catalogue holds numbers and neutral words only: it stays in
the history of a shared computer and in the logs of a server.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.finding import Limits
from courses.kinds import OfferingKind, WayIn, kinds_where
from courses.near import by_postcode
from courses.selectors.offer_index import Wanted
from people.enums import HalfDay, Language

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
    postcode = forms.RegexField(
        r"^[1-9][0-9]{3}$",
        label=_("Or the four digits of your postcode"),
        required=False,
        max_length=4,
        error_messages={
            "invalid": _("Write four digits, for instance 7411."),
            "max_length": _("Write four digits, for instance 7411."),
        },
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}
        ),
    )
    half_day = forms.MultipleChoiceField(
        label=_("When can you come?"),
        required=False,
        choices=HalfDay.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(label=_("What kind of help?"), required=False)
    language = forms.ChoiceField(label=_("In which language?"), required=False)
    group = forms.BooleanField(label=_("Together with others"), required=False)
    online = forms.BooleanField(label=_("Only from home (online)"), required=False)
    step_free = forms.BooleanField(label=_("A room without steps"), required=False)
    beside = forms.BooleanField(
        label=_("Beside or after treatment, without a referral"), required=False
    )
    free = forms.BooleanField(
        label=_("Only where I can start without waiting"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        themes: Iterable[Theme],
        places: Iterable[Place],
        languages: Iterable[str] = (),
    ) -> None:
        super().__init__(data)
        self._places = {str(place.pk): place for place in places}
        self._choices("theme", [(str(theme.pk), str(theme)) for theme in themes])
        self._choices("place", _by_municipality(self._places.values()))
        self._choices("kind", kind_choices())
        names = dict(Language.choices)
        self._choices("language", [(one, names.get(one, one)) for one in languages])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [*ANY, *choices]

    def clean_postcode(self) -> str:
        """Refuse four digits that belong to no place near here."""
        digits = str(self.cleaned_data["postcode"])
        if digits and by_postcode(self._places.values(), digits) is None:
            raise forms.ValidationError(
                _("We do not know this postcode. Choose your place from the list.")
            )
        return digits

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen rightly; what is not in the lists counts as not chosen."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def home(self) -> Place | None:
        """The place where the reader lives, if one was chosen."""
        digits = self.chosen.get("postcode", "")
        if digits:
            return by_postcode(self._places.values(), digits)
        return self._places.get(self.chosen.get("place", ""))

    @property
    def narrows_groups(self) -> bool:
        """Whether something was chosen that only a group with a time can meet."""
        return bool(
            self.chosen.keys()
            & {"place", "postcode", "half_day", "online", "step_free", "free"}
        )

    @property
    def wanted(self) -> Wanted:
        """What the database narrows by."""
        known = self.chosen
        return Wanted(**{name: known[name] for name in Wanted._fields if name in known})

    def limits(self, *, most_minutes: int) -> Limits:
        """What is narrowed after that; a journey of at most so many minutes is near."""
        chosen = self.chosen
        place = "" if "postcode" in chosen else chosen.get("place", "")
        whole = place.startswith(WHOLE)
        return Limits(
            half_days=chosen.get("half_day", ()),
            municipality=place.removeprefix(WHOLE) if whole else "",
            near=not whole and self.home is not None,
            most_minutes=most_minutes,
            free=bool(chosen.get("free")),
        )


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
