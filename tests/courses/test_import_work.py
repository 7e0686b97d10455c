"""Large files are checked and loaded by a worker: whole, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from audit.actor import Actor
from audit.models import AuditEvent
from courses.imports.faults import FaultyRegion, UnreadableRegion
from courses.imports.sheets import SHEETS
from courses.models import ImportState, ImportWork, RegionImport
from courses.services import import_work, proposals
from courses.services.import_work import LOCKS, work_on
from courses.tasks import let_imports_go, take_over_imports
from people.enums import Role
from people.models import Person
from tests.courses.region_tables import example
from tests.courses.test_import_preview import as_files
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def user() -> Any:
    return UserFactory(role=Role.COORDINATOR)


def asked(user: Any, lines: Any = None) -> ImportWork:
    return import_work.ask_to_check(user=user, files=as_files(lines or example()))


def worked(work: ImportWork) -> ImportWork:
    work_on(work_id=work.pk)
    work.refresh_from_db()
    return work


def to_load(user: Any) -> ImportWork:
    proposal = worked(asked(user)).proposal
    assert proposal is not None
    return import_work.ask_to_load(user=user, proposal=proposal, digest=proposal.digest)


def jobs_of(work: ImportWork) -> int:
    return ProcrastinateJob.objects.filter(args={"work_id": str(work.pk)}).count()


def test_what_is_large_is_weighed_by_what_it_holds() -> None:
    most = import_work.AT_ONCE_BYTES
    assert not import_work.is_large({"a.csv": b"x" * most})
    assert import_work.is_large({"a.csv": b"x" * most, "b.csv": b"x"})
    assert import_work.is_large({"a.xlsx": b"x" * (most // 4 + 1)})
    few = RegionImport(counts={"rooms": {"added": import_work.AT_ONCE_ROWS}})
    assert not import_work.has_many_rows(few)
    few.counts["centres"] = {"same": 1}
    assert import_work.has_many_rows(few)


def test_it_is_checked_and_loaded_as_it_was_seen(actor, user) -> None:
    work = asked(user)
    assert (work.state, jobs_of(work)) == ("waiting", 1)
    assert not RegionImport.objects.exists()
    worked(work)
    assert (work.state, work.files) == ("done", None)
    assert not Person.objects.exists()
    proposal = RegionImport.objects.get()
    assert work.proposal == proposal
    assert proposal.counts["rooms"]["added"] == 1
    load = import_work.ask_to_load(user=user, proposal=proposal, digest=proposal.digest)
    again = import_work.ask_to_load(
        user=user, proposal=proposal, digest=proposal.digest
    )
    assert (again, jobs_of(load)) == (load, 1)
    # A new file does not push out one that is being loaded.
    with pytest.raises(proposals.BeingLoaded):
        asked(user)
    with pytest.raises(proposals.BeingLoaded):
        import_work.check_now(actor=actor, user=user, files=as_files(example()))
    assert worked(load).state == "done"
    assert Person.objects.filter(reference="p-noor").exists()
    proposal.refresh_from_db()
    assert proposal.loaded_at is not None
    event = AuditEvent.objects.get(event_code="import.load")
    assert event.actor_id == str(user.pk)
    work_on(work_id=load.pk)  # a job too many does nothing
    assert AuditEvent.objects.filter(event_code="import.load").count() == 1


def test_all_that_is_not_right_is_kept_to_be_read(actor, user) -> None:
    lines = example()
    lines["rooms"][0] |= {"capacity": "twelve"}
    lines["organisations"][0] |= {"kind": "circus"}
    with pytest.raises(FaultyRegion) as told:
        proposals.propose(actor=actor, user=user, files=as_files(lines))
    work = worked(asked(user, lines))
    assert (work.state, work.files, work.proposal) == ("refused", None, None)
    refusal = import_work.refusal_of(work)
    assert isinstance(refusal, FaultyRegion)
    assert refusal.faults == told.value.faults
    assert not RegionImport.objects.exists()
    broken = import_work.ask_to_check(user=user, files={"a.xlsx": b"no zip"})
    assert isinstance(import_work.refusal_of(worked(broken)), UnreadableRegion)
    assert list(ImportWork.objects.all()) == [broken]


def test_what_changed_meanwhile_is_not_loaded(user) -> None:
    load = to_load(user)
    ImportWork.objects.update(digest="0" * 64)
    assert worked(load).state == "done"
    assert load.proposal is not None
    assert load.proposal.loaded_at is None
    assert not Person.objects.exists()


def test_stopped_in_the_middle_nothing_is_loaded(
    user, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, confirm = to_load(user), proposals.confirm

    def stopped_at_the_end(**asked: Any) -> Any:
        done = confirm(**asked)
        assert Person.objects.exists()
        assert import_work.stop(actor=Actor.of(user), user=user, work_id=load.pk)
        return done

    monkeypatch.setattr(proposals, "confirm", stopped_at_the_end)
    work_on(work_id=load.pk)
    assert not Person.objects.exists()
    # The stop itself was taken back with it in this one connection; by its own it
    # stays. What waits still waits.
    assert RegionImport.objects.get().loaded_at is None


def test_thrown_away_before_a_sheet_nothing_goes_on(
    user, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = worked(asked(user))
    ImportWork.objects.all().delete()
    with import_work._telling(work) as tell, pytest.raises(import_work.Dropped):
        tell(0, 1)


def test_who_works_on_it_is_alone(user) -> None:
    work = asked(user)
    ImportWork.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    other = connection.copy()
    keys = [LOCKS, work.pk.int & 0x7FFF_FFFF]
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", keys)
        assert worked(work).state == "waiting"
        assert import_work.silent_work() == []
    finally:
        other.close()  # as a worker that dies
    assert import_work.silent_work() == [work.pk]
    assert worked(work).state == "done"
    assert import_work.silent_work() == []


def test_a_worker_that_died_is_followed_by_another_three_times_at_most(user) -> None:
    work = asked(user)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    ImportWork.objects.update(
        state=ImportState.WORKING,
        attempts=2,
        asked_at=timezone.now() - timedelta(minutes=1),
    )
    take_over_imports(0)
    take_over_imports(0)
    assert jobs_of(work) == 1
    assert (worked(work).state, work.attempts) == ("done", 3)
    work = asked(user)
    ImportWork.objects.update(state=ImportState.WORKING, attempts=3)
    assert (worked(work).state, work.files) == ("failed", None)


def test_a_mistake_of_ours_loads_nothing_and_ends_it(
    user, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, confirm = to_load(user), proposals.confirm

    def breaks(**asked: Any) -> Any:
        confirm(**asked)
        raise RuntimeError("broken")

    monkeypatch.setattr(proposals, "confirm", breaks)
    with pytest.raises(RuntimeError):
        work_on(work_id=load.pk)
    load.refresh_from_db()
    assert load.state == "failed"
    assert not Person.objects.exists()


def test_it_is_its_owner_s_and_is_forgotten(user) -> None:
    work = asked(user)
    other = UserFactory(role=Role.COORDINATOR)
    assert import_work.work_of(user=other, work_id=work.pk) is None
    actor = Actor.of(other)
    assert not import_work.stop(actor=actor, user=other, work_id=work.pk)
    assert import_work.work_of(user=user, work_id=work.pk) == work
    assert import_work.at_work_for(user=user) == work
    ImportWork.objects.update(expires_at=timezone.now())
    assert import_work.work_of(user=user, work_id=work.pk) is None
    let_imports_go(0)
    assert not ImportWork.objects.exists()
    asked(user)
    ImportWork.objects.update(expires_at=timezone.now())
    assert list(ImportWork.objects.exclude(pk=asked(other).pk)) == []


def test_what_is_over_does_not_hold_up_another_file(user) -> None:
    load = to_load(user)
    ImportWork.objects.update(expires_at=timezone.now())
    assert asked(user) != load


def test_stopping_is_logged(actor, user) -> None:
    work = asked(user)
    assert import_work.stop(actor=actor, user=user, work_id=work.pk)
    load = to_load(user)
    assert import_work.stop(actor=actor, user=user, work_id=load.pk)
    assert not import_work.stop(actor=actor, user=user, work_id=load.pk)
    logged = AuditEvent.objects.filter(event_code="import.stop").order_by("pk")
    assert [one.object_id for one in logged] == [str(work.pk), str(load.proposal_id)]


def test_a_small_file_ends_the_check_of_a_large_one(actor, user) -> None:
    large = asked(user)
    newer = import_work.check_now(actor=actor, user=user, files=as_files(example()))
    work_on(work_id=large.pk)
    assert RegionImport.objects.get() == newer
    assert not ImportWork.objects.exists()


@pytest.mark.parametrize("what", ["not active", "another role", "one organisation"])
def test_nothing_is_loaded_for_who_may_not_any_more(user, what: str) -> None:
    load = to_load(user)
    if what == "not active":
        type(user).objects.update(is_active=False)
    elif what == "another role":
        user.memberships.update(role=Role.FACILITATOR)
    else:
        user.memberships.update(organisation=OrganisationFactory())
    assert worked(load).state == "failed"
    assert "may not load a file" in str(import_work.refusal_of(load))
    assert not Person.objects.exists()
    assert RegionImport.objects.get().loaded_at is None


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_is_seen_before_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = asked(UserFactory(role=Role.COORDINATOR))
    other, rehearse, seen = connection.copy(), proposals.rehearse_region, []

    def looked_at(*, progress: Any, **asked: Any) -> Any:
        def stepping(done: int, of: int) -> None:
            progress(done, of)
            with other.cursor() as cursor:
                cursor.execute('SELECT done, "of" FROM courses_importwork')
                seen.extend(cursor.fetchall())

        return rehearse(progress=stepping, **asked)

    monkeypatch.setattr(proposals, "rehearse_region", looked_at)
    try:
        worked(work)
    finally:
        other.close()
    assert seen == [(number, len(SHEETS)) for number in range(len(SHEETS))]
    assert (work.state, work.done) == ("done", len(SHEETS) - 1)
