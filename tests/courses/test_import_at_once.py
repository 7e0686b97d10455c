"""Several who are at one file at the same moment, each over a connection of its own.

A load has the row of its file for minutes, and tells how far it is by another row.
Whoever would hold that one and wait for the other would never be done, nor would the
load; PostgreSQL sees no ring, as the two rows are of two connections of one worker.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from audit.actor import Actor
from courses.models import ImportWork, RegionImport
from courses.services import import_work, proposals
from courses.services.proposals import BeingLoaded
from people.enums import Role
from people.models import Person
from tests.at_once import at_once
from tests.courses.region_tables import example
from tests.courses.test_import_preview import as_files
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 20


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def user() -> Any:
    return UserFactory(role=Role.COORDINATOR)


@pytest.fixture
def proposal(user: Any) -> RegionImport:
    return proposals.propose(actor=Actor.of(user), user=user, files=as_files(example()))


def answer(act: Callable[[], object]) -> object:
    """What an act answers; one that waits for the load is given up."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 (compared by the test)
        return type(fault)


def test_nobody_waits_for_a_file_that_is_being_loaded(
    user: Any, proposal: RegionImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, files = Actor.of(user), as_files(example())
    load = import_work.ask_to_load(user=user, proposal=proposal, digest=proposal.digest)
    begun, over = threading.Event(), threading.Event()
    load_region = proposals.load_region

    def slowly(*, progress: Any, **asked: Any) -> Any:
        def stepping(done: int, of: int) -> None:
            if done == 1:
                begun.set()
                assert over.wait(LONG)
            progress(done, of)

        return load_region(progress=stepping, **asked)

    monkeypatch.setattr(proposals, "load_region", slowly)

    def drop() -> object:
        return proposals.drop(actor=actor, user=user, import_id=proposal.pk)

    def meanwhile() -> list[object]:
        assert begun.wait(LONG)
        try:
            return [
                answer(drop),
                answer(
                    lambda: import_work.check_now(actor=actor, user=user, files=files)
                ),
                answer(lambda: import_work.ask_to_check(user=user, files=files)),
                answer(
                    lambda: proposals.forget_old(now=timezone.now() + timedelta(days=1))
                ),
            ]
        finally:
            over.set()

    worker, told = at_once(lambda: import_work.work_on(work_id=load.pk), meanwhile)
    assert told == [BeingLoaded, BeingLoaded, BeingLoaded, 0]
    assert worker is None
    load.refresh_from_db()
    proposal.refresh_from_db()
    assert (load.state, load.proposal_id) == ("done", proposal.pk)
    assert load.done == load.of - 1
    assert proposal.loaded_at is not None
    assert Person.objects.filter(reference="p-noor").exists()
    assert drop() is False  # too late, and that is said
    assert RegionImport.objects.filter(pk=proposal.pk).exists()


def test_what_is_loaded_meanwhile_is_not_thrown_away(
    user: Any, proposal: RegionImport
) -> None:
    held, dropped = threading.Event(), threading.Event()

    def loads() -> None:
        with transaction.atomic():
            RegionImport.objects.update(
                loaded_at=timezone.now(), tables=None, preview=None
            )
            held.set()
            dropped.wait(1)

    def drops() -> object:
        assert held.wait(LONG)
        try:
            return proposals.drop(
                actor=Actor.of(user), user=user, import_id=proposal.pk
            )
        finally:
            dropped.set()

    _loaded, told = at_once(loads, drops)
    assert isinstance(told, BeingLoaded)
    assert RegionImport.objects.get().loaded_at is not None


def test_a_worker_goes_on_when_it_cannot_tell_how_far_it_is(
    user: Any, proposal: RegionImport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_work, "MOST_WAIT", "100ms")
    work = import_work.ask_to_load(user=user, proposal=proposal, digest=proposal.digest)
    held, went_on = threading.Event(), threading.Event()

    def holds() -> bool:
        with transaction.atomic():
            ImportWork.objects.select_for_update().get(pk=work.pk)
            held.set()
            return went_on.wait(5)

    def tells() -> None:
        assert held.wait(LONG)
        with import_work._telling(work) as tell:
            tell(1, 3)
        went_on.set()

    assert at_once(holds, tells) == [True, None]
    with import_work._telling(work) as tell:
        tell(2, 3)
    work.refresh_from_db()
    assert (work.done, work.of) == (2, 3)
