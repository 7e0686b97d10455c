"""Loading a region: everything in one transaction, or nothing with every fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from audit.actor import Actor
from audit.record import ADMINISTRATION, record_event
from courses.imports.checking import check_tables
from courses.imports.faults import FaultyRegion
from courses.imports.putting import (
    Count,
    Result,
    Wanted,
    hashable,
    put,
    put_many,
    sheet_complaint,
)
from courses.imports.sheet import Column, Row, Sheet, Values
from courses.imports.sheets import BY_NAME, SHEETS
from courses.imports.table import Table
from courses.imports.under_way import Loading, Outcome
from courses.kinds import policy_of

LOCK = 5150_0002
"""Key of the lock under which regions are loaded, one at a time."""


Progress = Callable[[int, int], object]
"""Called with how many sheets were gone through, and how many there are."""


def load_region(
    *,
    tables: Iterable[Table],
    actor: Actor,
    compared: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Load a region's tables; reads and writes of persons are logged per sheet.

    The same tables again change nothing. Rows that are stored and not in the tables
    stay. What is in people's agendas is never changed by an import: a series that was
    published keeps its place, and a seat its state. `compared` tells row by row what
    was done.

    Raises
    ------
    FaultyRegion
        With every fault of every sheet; nothing is kept.
    """
    with transaction.atomic():
        loading = _load(tables, actor, progress, rehearsal=False)
        return loading.outcome(compared=compared)


def rehearse_region(
    *, tables: Iterable[Table], actor: Actor, progress: Progress | None = None
) -> Outcome:
    """What `load_region` would do now, row by row; everything is taken back.

    The same code writes the same rows, so that the database judges them too. Whoever
    is stored and compared with the file is a subject of one line in the log.

    Raises
    ------
    FaultyRegion
        With every fault of every sheet, as from `load_region`.
    """
    with transaction.atomic():
        loading = _load(tables, actor, progress, rehearsal=True)
        outcome = loading.outcome(compared=True)
        connection.check_constraints()
        transaction.set_rollback(True)
    persons = apps.get_model("people.Person")._default_manager
    stored = persons.filter(pk__in=loading.subjects).values_list("pk", flat=True)
    record_event(
        actor=actor,
        code="import.preview",
        action="R",
        purpose=ADMINISTRATION,
        subjects=sorted(stored),
        object_kind="region",
    )
    return outcome


def _load(
    tables: Iterable[Table],
    actor: Actor,
    progress: Progress | None,
    *,
    rehearsal: bool,
) -> Loading:
    from courses.imports.special import LOADERS  # which needs this module

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    checked = check_tables(tables)
    loading = Loading(actor, checked, rehearsal=rehearsal)
    filled = [sheet for sheet in SHEETS if loading.rows(sheet)]
    for number, sheet in enumerate(filled):
        if progress is not None:
            progress(number, len(filled))
        subjects = LOADERS.get(sheet.name, load_plainly)(loading, sheet)
        if sheet.about_people:
            _log(loading, sheet, subjects)
    faults = [*checked.faults, *loading.faults]
    if faults:
        raise FaultyRegion(faults)
    return loading


def _log(loading: Loading, sheet: Sheet, subjects: Iterable[Any]) -> None:
    found = sorted(set(subjects))
    loading.subjects.update(found)
    if loading.rehearsal:
        return
    count = loading.counts.get(sheet.name, Count())
    action = "C" if count.added else "U" if count.changed else "R"
    record_event(
        actor=loading.actor,
        code=f"import.{sheet.name}",
        action=action,
        purpose=ADMINISTRATION,
        subjects=found,
        object_kind=BY_NAME[sheet.name].model.rpartition(".")[2].lower(),
    )


def empty_value(found: models.Field) -> Any:
    """What an empty cell means: the model's default, nothing, or empty text."""
    return found.get_default()


def field_values(
    loading: Loading,
    sheet: Sheet,
    row: Row,
    model: type[models.Model],
    columns: Iterable[Column],
) -> Values | None:
    """Fields of a row by attname; None when a row it points to was not loaded."""
    values: Values = {}
    for column in columns:
        if column.name in sheet.derived or column.name not in row.given:
            continue
        found: Any = model._meta.get_field(column.target)
        value = row.get(column.name)
        if isinstance(found, models.ManyToManyField):
            continue
        if not isinstance(found, models.ForeignKey):
            values[found.attname] = empty_value(found) if value is None else value
            continue
        pk = None if value is None else loading.id_of(column.points_to, value)
        if value is not None and pk is None:
            return None
        values[found.attname] = pk
    if sheet.derive is not None:
        values |= sheet.derive(row.values)
    return values


def wanted_rows(
    loading: Loading,
    sheet: Sheet,
    model: type[models.Model],
    usual: Any = None,
) -> list[Wanted]:
    """What a plain sheet asks of its table. Columns to its own sheet come later."""
    columns = [one for one in sheet.columns if one.points_to != sheet.name]
    key_names = {
        _attname(model, one.target)
        for one in columns
        if one.name in sheet.key and one.name not in sheet.derived
    }.union(sheet.derived_key)
    found = []
    for row in loading.rows(sheet):
        values = field_values(loading, sheet, row, model, columns)
        if values is None:
            continue
        for name in key_names - values.keys():
            values[name] = empty_value(_by_attname(model, name))
        order = sorted(key_names, key=_owner_first(sheet))
        key = {name: values[name] for name in order}
        fields = {name: value for name, value in values.items() if name not in key}
        if usual is not None:
            fields |= usual(row)
        found.append(Wanted(number=row.number, key=key, fields=fields))
    return found


def _attname(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


def _by_attname(model: type[models.Model], name: str) -> Any:
    return next(one for one in model._meta.fields if one.attname == name)


def _owner_first(sheet: Sheet) -> Any:
    owner = f"{sheet.whole_of or sheet.key[0]}_id"
    return lambda name: (name != owner, name)


def load_plainly(loading: Loading, sheet: Sheet) -> set[Any]:
    """Load a sheet whose columns are fields; returns the person ids concerned."""
    model = apps.get_model(sheet.model)
    complain, column_of = sheet_complaint(sheet, loading.faults)
    wanted = wanted_rows(loading, sheet, model, USUAL.get(sheet.name))
    removed = remove_others(loading, sheet, wanted) if sheet.whole_of else set()
    result = put(sheet.model, wanted, complain=complain, column_of=column_of)
    rows = loading.rows(sheet)
    loading.learn(sheet, rows, result)
    late = _point_within(loading, sheet, result)
    linked = set_many(loading, sheet, result)
    owners = {one.number: next(iter(one.key.values())) for one in wanted}
    bereft = {number for number, owner in owners.items() if owner in removed}
    loading.count(sheet, result, late, linked, bereft & result.instances.keys())
    return _persons(sheet, result)


def remove_others(loading: Loading, sheet: Sheet, wanted: Iterable[Wanted]) -> set[Any]:
    """Take away what the owners in the sheet had and it does not name any more."""
    model = apps.get_model(sheet.model)
    keys: dict[Any, set[tuple[Any, ...]]] = {}
    names: list[str] = []
    for one in wanted:
        names = list(one.key)
        key = tuple(hashable(value) for value in one.key.values())
        keys.setdefault(key[0], set()).add(key)
    if not names:
        return set()
    gone = {}
    for row in model._default_manager.filter(**{f"{names[0]}__in": list(keys)}):
        key = tuple(hashable(getattr(row, name)) for name in names)
        if key not in keys[key[0]]:
            gone[row.pk] = key[0]
            loading.note_removed(sheet, names, row)
    model._default_manager.filter(pk__in=list(gone)).delete()
    return set(gone.values())


def _point_within(loading: Loading, sheet: Sheet, result: Result) -> set[int]:
    """Fill the columns that point to rows of the same sheet, now all are there."""
    columns = [one for one in sheet.columns if one.points_to == sheet.name]
    changed: set[int] = set()
    model = apps.get_model(sheet.model)
    for column in columns:
        if column.is_many:
            continue
        attname = f"{column.target}_id"
        rows = []
        for row in loading.rows(sheet):
            instance = result.instances.get(row.number)
            if instance is None or column.name not in row.given:
                continue
            text = row.get(column.name)
            pk = loading.id_of(sheet.name, text) if text else None
            if getattr(instance, attname) != pk:
                old = getattr(instance, attname)
                loading.note(sheet, row.number, column.name, old, pk)
                setattr(instance, attname, pk)
                rows.append(instance)
                changed.add(row.number)
        model._default_manager.bulk_update(rows, [column.target], batch_size=500)
    return changed


def set_many(loading: Loading, sheet: Sheet, result: Result) -> set[int]:
    """Set the columns that hold several rows of another sheet."""
    changed: set[int] = set()
    model = apps.get_model(sheet.model)
    fields = {one.name for one in model._meta.many_to_many}
    for column in sheet.columns:
        if not (column.is_many and column.points_to and column.target in fields):
            continue
        targets: dict[Any, list[Any]] = {}
        numbers: dict[Any, int] = {}
        for row in loading.rows(sheet):
            instance = result.instances.get(row.number)
            if instance is None or column.name not in row.given:
                continue
            found = (
                loading.id_of(column.points_to, text)
                for text in row.get(column.name) or ()
            )
            targets[instance.pk] = [pk for pk in found if pk is not None]
            numbers[instance.pk] = row.number
        different = put_many(sheet.model, column.target, targets.items())
        for pk, (old, new) in different.items():
            loading.note(sheet, numbers[pk], column.name, old, new)
        changed |= {numbers[pk] for pk in different}
    return changed


def _persons(sheet: Sheet, result: Result) -> set[Any]:
    """Persons a people sheet is about, from keys on its rows (one query at most)."""
    if not sheet.about_people:
        return set()
    rows = list(result.instances.values())
    if rows and hasattr(rows[0], "person_id"):
        return {row.person_id for row in rows}
    if rows and hasattr(rows[0], "facilitator_id"):
        leaders = apps.get_model("people.Facilitator")._default_manager
        ids = {row.facilitator_id for row in rows}
        return set(leaders.filter(pk__in=ids).values_list("person_id", flat=True))
    if rows and hasattr(rows[0], "resident_id"):
        residents = apps.get_model("people.Resident")._default_manager
        ids = {row.resident_id for row in rows}
        return set(residents.filter(pk__in=ids).values_list("person_id", flat=True))
    return {pk for row in rows for pk in (row.person_a_id, row.person_b_id)}


def _usual_offering(row: Row) -> Values:
    """What the policy of the kind says where a new offering leaves a cell empty."""
    policy = policy_of(row.get("kind"))
    usual: Values = {
        "size_min": policy.size[0],
        "size_max": policy.size[1],
        "norm_days": policy.norm_days,
        "closed_after_session": policy.closed_after_session,
        "coach_minutes_per_week": policy.coach_minutes_per_week,
    }
    filled = {name: value for name, value in usual.items() if row.get(name) is None}
    if row.get("different_organisations") is None:
        filled["different_organisations"] = policy.different_organisations
    return filled


USUAL = {"offerings": _usual_offering}
