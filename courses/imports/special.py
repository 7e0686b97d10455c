"""Sheets that fill more than one table: leaders, residents, askings and seats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from courses.enums import EnrolmentState, RegistrationState
from courses.imports.loading import field_values, load_plainly
from courses.imports.putting import Result, Wanted, put, sheet_complaint
from courses.imports.running import load_series
from courses.imports.sheet import Row, Sheet, Values
from courses.imports.sheets import BY_NAME
from courses.imports.under_way import Loading
from courses.kinds import LevelOfCare
from courses.models import Enrolment, Offering, Registration, RegistrationChoice
from courses.services.register import DEFAULT_NORM_DAYS

ONE_TO_ONE = LevelOfCare.INDIVIDUAL_CARE.value
"""The level that a written reason adds in the program; an import leaves it there."""
ASKING = (
    RegistrationState.INTEREST,
    RegistrationState.INTRODUCTION,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)
PERSON_FIELDS = {
    "organisation": "organisation",
    "call_name": "call_name",
    "alias": "alias",
    "contact_channel": "contact_channel",
    "contact_address": "contact_address",
    "postcode4": "postcode4",
    "home": "place",
    "languages": "languages",
    "birth_year": "birth_year",
}
"""Columns of a person, and the fields of Person they fill."""


def _put_persons(loading: Loading, sheet: Sheet, rows: Iterable[Row]) -> Result:
    model = apps.get_model("people.Person")
    complain, _column = sheet_complaint(sheet, loading.faults)
    wanted = []
    for row in rows:
        values: Values = {}
        known = True
        for name, target in PERSON_FIELDS.items():
            column = sheet.column(name)
            if column is None or name not in row.given:
                continue
            found: Any = model._meta.get_field(target)
            value = row.get(name)
            if column.points_to:
                pk = loading.id_of(column.points_to, value) if value else None
                known = known and (not value or pk is not None)
                values[f"{target}_id"] = pk
            else:
                values[target] = found.get_default() if value is None else value
        if not row.get("contact_address") and not row.get("contact_channel"):
            values["contact_channel"] = "none"
        if known:
            wanted.append(
                Wanted(
                    number=row.number,
                    key={"reference": row.get("code")},
                    fields=values,
                )
            )
    back = {target: name for name, target in PERSON_FIELDS.items()}
    result = put(
        "people.Person",
        wanted,
        complain=complain,
        column_of=lambda name: back.get(name, "code"),
    )
    attnames = {f"{target}_id": name for target, name in back.items()}
    loading.note_fields(sheet, result, attnames | back)
    return result


def _put_parts(
    loading: Loading, sheet: Sheet, person_of: dict[int, Any], skip: set[str]
) -> Result:
    """The part a person plays: the columns of the sheet that are not of Person."""
    model = apps.get_model(sheet.model)
    complain, column_of = sheet_complaint(sheet, loading.faults)
    columns = [one for one in sheet.columns if one.name not in skip | {"code"}]
    wanted = []
    for row in loading.rows(sheet):
        values = field_values(loading, sheet, row, model, columns)
        if values is None or person_of.get(row.number) is None:
            continue
        wanted.append(
            Wanted(
                number=row.number,
                key={"person_id": person_of[row.number]},
                fields=values,
            )
        )
    return put(sheet.model, wanted, complain=complain, column_of=column_of)


def load_facilitators(loading: Loading, sheet: Sheet) -> set[Any]:
    """Leaders: the person, and what he or she can lead."""
    persons = _put_persons(loading, sheet, loading.rows(sheet))
    person_of = {number: one.pk for number, one in persons.instances.items()}
    skip = set(PERSON_FIELDS) - {"organisation"}
    result = _put_parts(loading, sheet, person_of, skip)
    loading.learn(sheet, loading.rows(sheet), result)
    loading.count(sheet, result, persons.changed & result.instances.keys())
    loading.ids.pop("people", None)
    return set(person_of.values())


def load_residents(loading: Loading, sheet: Sheet) -> set[Any]:
    """Residents; of a person who leads too, the facts given there stay."""
    own = [
        row
        for row in loading.rows(sheet)
        if loading.id_of("facilitators", row.get("code")) is None
    ]
    persons = _put_persons(loading, sheet, own)
    loading.ids.pop("people", None)
    person_of = {
        row.number: loading.id_of("people", row.get("code"))
        for row in loading.rows(sheet)
    }
    result = _put_parts(loading, sheet, person_of, set(PERSON_FIELDS))
    loading.learn(sheet, loading.rows(sheet), result)
    loading.count(sheet, result, persons.changed & result.instances.keys())
    return {pk for pk in person_of.values() if pk is not None}


def load_relatives(loading: Loading, sheet: Sheet) -> set[Any]:
    """Relatives; of who leads or takes part too, the facts given there stay."""
    rows = list(loading.rows(sheet))
    known = {row.number: loading.id_of("people", row.get("code")) for row in rows}
    own = [row for row in rows if known[row.number] is None]
    persons = _put_persons(loading, sheet, own)
    person_of = known | {number: one.pk for number, one in persons.instances.items()}
    resident_of = {
        row.number: loading.id_of("residents", row.get("resident")) for row in rows
    }
    complain, column_of = sheet_complaint(sheet, loading.faults)
    wanted = []
    for row in rows:
        key = {
            "person_id": person_of[row.number],
            "resident_id": resident_of[row.number],
        }
        fields = {}
        if "joins_conversation" in row.given:
            fields["joins_conversation"] = row.get("joins_conversation") is not False
        if None not in key.values():
            wanted.append(Wanted(number=row.number, key=key, fields=fields))
    result = put(sheet.model, wanted, complain=complain, column_of=column_of)
    loading.count(sheet, result, persons.changed & result.instances.keys())
    return {pk for pk in person_of.values() if pk is not None}


def load_registrations(loading: Loading, sheet: Sheet) -> set[Any]:
    """What residents ask, with their choices; a state given empty is left alone."""
    complain, column_of = sheet_complaint(sheet, loading.faults)
    norms = dict(Offering.objects.values_list("pk", "norm_days"))
    columns = [
        one
        for one in sheet.columns
        if one.name not in {"choices", "series_choices", "state", "code", "norm_date"}
    ]
    with_reason = set(
        Registration.objects.filter(one_to_one_reason__isnull=False).values_list(
            "reference", flat=True
        )
    )
    wanted = []
    for row in loading.rows(sheet):
        values = field_values(loading, sheet, row, Registration, columns)
        if values is None:
            continue
        if not any(
            row.get(name) for name in ("theme", "offering", "choices", "series_choices")
        ):
            complain(
                row.number,
                "choices",
                _("This asks for nothing."),
                _("Give a theme, an offering or choices."),
            )
            continue
        if row.get("state"):
            values["state"] = row.get("state")
        if row.get("code") in with_reason and "allowed_levels" in values:
            values["allowed_levels"] = sorted({*values["allowed_levels"], ONE_TO_ONE})
        values["norm_date"] = row.get("norm_date") or _due(loading, row, values, norms)
        wanted.append(
            Wanted(
                number=row.number,
                key={"reference": row.get("code")},
                fields=values,
            )
        )
    result = put(sheet.model, wanted, complain=complain, column_of=column_of)
    loading.learn(sheet, loading.rows(sheet), result)
    chosen = _put_choices(loading, sheet, result)
    loading.count(sheet, result, chosen)
    residents = apps.get_model("people.Resident")._default_manager
    ids = {one.resident_id for one in result.instances.values()}
    return set(residents.filter(pk__in=ids).values_list("person_id", flat=True))


def _due(loading: Loading, row: Row, values: Values, norms: dict[Any, int]) -> Any:
    """The day of asking plus the longest fair wait of the wish that is due first."""
    wishes = [values.get("offering_id")]
    wishes += [loading.id_of("offerings", text) for text in row.get("choices") or ()]
    waits = [norms[pk] for pk in wishes if pk in norms]
    days = min(waits, default=DEFAULT_NORM_DAYS)
    return row.get("registered_on") + timedelta(days=days)


def _put_choices(loading: Loading, sheet: Sheet, result: Result) -> set[int]:
    """Set the choices of each registration; those that differ are written anew."""
    want: dict[Any, list[tuple[Any, Any]]] = {}
    number_of: dict[Any, int] = {}
    for row in loading.rows(sheet):
        instance = result.instances.get(row.number)
        if instance is None or not row.given & {"choices", "series_choices"}:
            continue
        chosen: list[tuple[Any, Any]] = [
            (None, loading.id_of("series", text))
            for text in row.get("series_choices") or ()
        ]
        chosen += [
            (loading.id_of("offerings", text), None)
            for text in row.get("choices") or ()
        ]
        want[instance.pk] = [pair for pair in chosen if pair != (None, None)]
        number_of[instance.pk] = row.number
    have: dict[Any, list[tuple[Any, Any]]] = {pk: [] for pk in want}
    for one in RegistrationChoice.objects.filter(registration__in=list(want)).order_by(
        "registration", "rank"
    ):
        have[one.registration_id].append((one.offering_id, one.series_id))
    different = [pk for pk in want if want[pk] != have[pk]]
    for pk in different:
        for place, name in enumerate(("choices", "series_choices")):
            old, new = ([pair[place] for pair in pairs[pk] if pair[place] is not None]
                        for pairs in (have, want))  # fmt: skip
            if old != new:
                loading.note(sheet, number_of[pk], name, old, new)
    RegistrationChoice.objects.filter(registration__in=different).delete()
    RegistrationChoice.objects.bulk_create(
        [
            RegistrationChoice(
                registration_id=pk, rank=rank, offering_id=offering, series_id=series
            )
            for pk in different
            for rank, (offering, series) in enumerate(want[pk], start=1)
        ],
        batch_size=500,
    )
    return {number_of[pk] for pk in different}


def load_enrolments(loading: Loading, sheet: Sheet) -> set[Any]:
    """Seats. A seat that is there already keeps its state."""
    complain, column_of = sheet_complaint(sheet, loading.faults)
    ids = {
        loading.id_of("registrations", row.get("registration"))
        for row in loading.rows(sheet)
    }
    asked = {
        one.pk: one
        for one in Registration.objects.filter(pk__in=ids).select_related("resident")
    }
    wanted = []
    for row in loading.rows(sheet):
        values = field_values(loading, sheet, row, Enrolment, sheet.columns)
        if values is None or values["registration_id"] not in asked:
            continue
        registration = asked[values["registration_id"]]
        wanted.append(
            Wanted(
                number=row.number,
                key={
                    "registration_id": registration.pk,
                    "series_id": values.pop("series_id"),
                },
                fields={
                    name: values[name] for name in values.keys() - {"registration_id"}
                },
                only_new={"resident_id": registration.resident_id},
            )
        )
    contradicting = _still_asking(loading)
    for row in loading.rows(sheet):
        if row.get("registration") in contradicting:
            complain(
                row.number,
                "registration",
                _("Its registration says that the person still waits."),
                _("Leave the state there empty, or write placed."),
            )
    result = put(
        sheet.model,
        wanted,
        complain=_about_seats(complain),
        column_of=column_of,
        frozen=lambda _row: True,
    )
    _place(result)
    loading.count(sheet, result)
    return {one.resident.person_id for one in asked.values()}


def _still_asking(loading: Loading) -> set[str]:
    """Registrations that the file itself says are not placed yet."""
    return {
        row.get("code")
        for row in loading.checked.rows.get("registrations", [])
        if row.get("state") in ASKING
    }


def _place(result: Result) -> None:
    """Who was given a seat does not wait any more."""
    for seat, state in (
        (EnrolmentState.ENROLLED, RegistrationState.PLACED),
        (EnrolmentState.COMPLETED, RegistrationState.FINISHED),
    ):
        Registration.objects.filter(
            pk__in=[
                result.instances[number].registration_id
                for number in result.added
                if result.instances[number].state == seat
            ],
            state__in=ASKING,
        ).update(state=state)


def _about_seats(complain: Any) -> Any:
    """Say in words what the trigger on seats refuses by name."""

    def told(number: int, column: str, wrong: str, right: str) -> None:
        if "courses_enrolment_seat_free" in wrong:
            complain(
                number,
                "series",
                _("This series has no free seat left."),
                _("Enrol fewer people, or choose a larger group or room."),
            )
        else:
            complain(number, column, wrong, right)

    return told


Loader = Callable[[Loading, Sheet], set[Any]]
LOADERS: dict[str, Loader] = {
    "facilitators": load_facilitators,
    "residents": load_residents,
    "relatives": load_relatives,
    "series": load_series,
    "registrations": load_registrations,
    "enrolments": load_enrolments,
}
if unknown := LOADERS.keys() - BY_NAME.keys():
    raise ValueError(f"loaders for sheets that do not exist: {unknown}")

__all__ = ["LOADERS", "load_plainly"]
