"""Who was there: prefilled, in parts, undone, and two leaders at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from audit.actor import Actor
from audit.models import AuditEvent
from courses.models import Absence, Attendance, AttendanceSheet, Session
from courses.services import (
    SheetChanged,
    blocks_of,
    cancel_session,
    led_session,
    read_sheet,
    save_sheet,
    undo_sheet,
)
from people.tasks import tidy_up_old
from tests.courses.test_race import at_once
from tests.factories import (
    EnrolmentFactory,
    FacilitatorFactory,
    OfferingFactory,
    PersonFactory,
    RegistrationFactory,
    SeriesFactory,
    SessionFactory,
    SessionLeaderFactory,
)

ACTOR = Actor(user_id="1", role="facilitator")


def a_session(kind: str = "recovery_course", minutes: int = 120, ago: int = 30) -> Any:
    """A session that began so many minutes ago, with a leader."""
    begin = timezone.now() - timedelta(minutes=ago)
    session = SessionFactory(
        series=SeriesFactory(published=True, offering=OfferingFactory(kind=kind)),
        period=DateTimeTZRange(begin, begin + timedelta(minutes=minutes)),
    )
    SessionLeaderFactory(session=session)
    return Session.objects.select_related("series__offering").get(pk=session.pk)


def leader_of(session: Any) -> Any:
    return session.session_leaders.get().facilitator


def a_member(session: Any, name: str = "Noor", **more: Any) -> Any:
    person = PersonFactory(call_name=name, alias=more.pop("alias", ""))
    return EnrolmentFactory(
        registration=RegistrationFactory(resident__person=person),
        series=session.series,
        **more,
    )


def save(
    session: Any, marks: dict[int, list[bool]], version: int = 0, **more: Any
) -> Any:
    return save_sheet(
        actor=ACTOR,
        facilitator=leader_of(session),
        session=session,
        version=version,
        marks=marks,
        **more,
    )


def marks(session: Any) -> dict[int, tuple[bool, ...]]:
    return read_sheet(actor=ACTOR, session=session).marks


@pytest.mark.django_db
def test_everybody_is_there_until_somebody_says_otherwise() -> None:
    session = a_session()
    noor = a_member(session)
    said = a_member(session, "Bas", alias="Beer", seats=2)
    a_member(session, "Weg", state="withdrawn")
    Absence.objects.create(enrolment=said, session=session)
    sheet = read_sheet(actor=ACTOR, session=session)
    assert [
        (one.name, one.seats, one.there, one.said_absent) for one in sheet.lines
    ] == [
        ("Beer", 2, (False,), True),
        ("Noor", 1, (True,), False),
    ]
    assert (sheet.saved, sheet.version, sheet.can_undo) == (False, 0, False)
    event = AuditEvent.objects.get(event_code="attendance.read")
    expected = {str(one.resident.person_id) for one in (noor, said)}
    assert set(event.subject_ids) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "minutes", "blocks"),
    [
        ("group_treatment", 120, 4),
        ("group_treatment", 100, 4),
        ("recovery_course", 120, 1),
        ("peer_group", 90, 1),
    ],
)
def test_parts_follow_the_kind(kind: str, minutes: int, blocks: int) -> None:
    session = a_session(kind, minutes)
    assert blocks_of(session) == blocks
    member = a_member(session)
    assert marks(session) == {member.pk: (True,) * blocks}


@pytest.mark.django_db
def test_parts_are_kept_changed_and_taken_back() -> None:
    session = a_session("group_treatment", 120)
    one, other = a_member(session), a_member(session)
    first = {one.pk: [True, True, False, False], other.pk: [True] * 4}
    assert save(session, first).version == 1
    save(session, {one.pk: [False] * 4, other.pk: [True] * 4}, version=1)
    assert marks(session)[one.pk] == (False,) * 4
    assert undo_sheet(actor=ACTOR, facilitator=leader_of(session), session=session)
    assert marks(session) == {one.pk: (True, True, False, False), other.pk: (True,) * 4}
    assert not undo_sheet(actor=ACTOR, facilitator=leader_of(session), session=session)


@pytest.mark.django_db
def test_taking_back_the_first_time_leaves_nothing_noted() -> None:
    session = a_session()
    member = a_member(session)
    save(session, {member.pk: [False]})
    assert undo_sheet(actor=ACTOR, facilitator=leader_of(session), session=session)
    sheet = read_sheet(actor=ACTOR, session=session)
    assert (sheet.saved, sheet.marks) == (False, {member.pk: (True,)})
    assert not Attendance.objects.exists()


@pytest.mark.django_db
def test_an_older_sheet_does_not_overwrite_a_colleague() -> None:
    session = a_session()
    member = a_member(session)
    save(session, {member.pk: [False]})
    with pytest.raises(SheetChanged) as caught:
        save(session, {member.pk: [True]}, version=0)
    assert caught.value.sheet.version == 1
    assert caught.value.sheet.marks == {member.pk: (False,)}
    assert marks(session) == {member.pk: (False,)}
    save(session, {member.pk: [True]}, version=1)
    assert marks(session) == {member.pk: (True,)}


@pytest.mark.django_db
def test_sending_the_same_again_is_no_conflict_and_changes_nothing() -> None:
    session = a_session()
    member = a_member(session)
    save(session, {member.pk: [False]})
    assert save(session, {member.pk: [False]}, version=0).version == 1


@pytest.mark.django_db
def test_marks_of_others_are_passed_over() -> None:
    session, elsewhere = a_session(), a_session()
    member, stranger = a_member(session), a_member(elsewhere)
    save(session, {member.pk: [True], stranger.pk: [False], 10**8: [False]})
    assert [one.enrolment_id for one in Attendance.objects.all()] == [member.pk]


@pytest.mark.django_db
def test_who_joined_meanwhile_stays_as_noted() -> None:
    session = a_session()
    member = a_member(session)
    late = a_member(session, "Late")
    save(session, {member.pk: [False]})
    assert marks(session) == {member.pk: (False,), late.pk: (True,)}


@pytest.mark.django_db
def test_a_drop_in_counts_visitors() -> None:
    session = a_session("drop_in", 180)
    assert read_sheet(actor=ACTOR, session=session).lines == ()
    save(session, {}, visitors=17)
    sheet = read_sheet(actor=ACTOR, session=session)
    assert (sheet.saved, sheet.visitors) == (True, 17)
    save(session, {}, version=1, visitors=18)
    undo_sheet(actor=ACTOR, facilitator=leader_of(session), session=session)
    assert read_sheet(actor=ACTOR, session=session).visitors == 17


@pytest.mark.django_db
@pytest.mark.parametrize("visitors", [-1, 1001])
def test_impossible_numbers_are_refused(visitors: int) -> None:
    session = a_session("drop_in", 180)
    with pytest.raises(ValidationError):
        save(session, {}, visitors=visitors)
    assert not AttendanceSheet.objects.filter(visitors__isnull=False).exists()


@pytest.mark.django_db
def test_nothing_is_noted_too_early_of_nobody_or_of_a_cancelled_meeting() -> None:
    early = a_session(ago=-90)
    soon = a_session(ago=-30)
    empty = a_session()
    gone = cancel_session(session=a_session(), actor=ACTOR)
    for session in (early, gone):
        with pytest.raises(ValidationError):
            save(session, {a_member(session).pk: [True]})
    with pytest.raises(ValidationError):
        save(empty, {})
    save(soon, {a_member(soon).pk: [True]})
    assert Attendance.objects.count() == 1


@pytest.mark.django_db
def test_only_who_leads_a_session_finds_it() -> None:
    session = a_session()
    own = leader_of(session)
    assert led_session(facilitator=own, session_id=session.pk) == session
    assert led_session(facilitator=FacilitatorFactory(), session_id=session.pk) is None


@pytest.mark.django_db
def test_reading_a_sheet_takes_as_many_queries_for_one_as_for_ten(
    django_assert_num_queries: Any,
) -> None:
    session = a_session()
    a_member(session)
    with django_assert_num_queries(4):
        read_sheet(actor=ACTOR, session=session)
    for _ in range(9):
        a_member(session)
    with django_assert_num_queries(4):
        read_sheet(actor=ACTOR, session=session)


@pytest.mark.django_db
def test_old_attendance_is_erased_by_itself() -> None:
    old, new = a_session(ago=181 * 24 * 60), a_session(ago=179 * 24 * 60)
    for session in (old, new):
        save(session, {a_member(session).pk: [True]})
    tidy_up_old(timestamp=0)
    assert [one.session for one in AttendanceSheet.objects.all()] == [new]
    assert Attendance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_leaders_at_once_one_is_kept_and_the_other_is_told() -> None:
    session = a_session()
    member = a_member(session)
    results = at_once(
        lambda: save(session, {member.pk: [True]}),
        lambda: save(session, {member.pk: [False]}),
    )
    assert sorted(type(one).__name__ for one in results) == ["Sheet", "SheetChanged"]
    kept = next(one for one in results if type(one).__name__ == "Sheet")
    assert marks(session) == kept.marks
    assert AttendanceSheet.objects.get().version == 1
