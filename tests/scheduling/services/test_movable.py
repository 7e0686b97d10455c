"""What of the published schedule a run may move, and that no more moves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from scheduling.services.movable import freed_by
from scheduling.solver import snapshot
from tests.scheduling.rows import a_leader, running
from tests.scheduling.services.test_choosing import Region, beside

pytestmark = pytest.mark.django_db


def freed(run: Any) -> set[str]:
    """Keys of the series that the facts of a run let move."""
    problem = snapshot.problem_from_dict(run.problem)
    return {run.rows["series"][name] for name in problem.published.freed_series}


def test_nothing_moves_unless_it_was_asked() -> None:
    Region()
    run = beside()
    assert freed(run) == freed_by(run) == set()


@pytest.mark.parametrize("what", ["everything", "groups", "centres", "kinds"])
def test_what_was_chosen_may_move_and_nothing_else(what: str) -> None:
    region = Region()
    other = running("2026-12-02 10:00", leaders=[a_leader()], members=6)
    other.offering.kind = "recovery_course"
    other.offering.save()
    of = {
        "everything": [],
        "groups": [region.group.pk],
        "centres": [region.group.room.centre_id],
        "kinds": [region.group.offering.kind],
    }[what]
    run = beside(may_move=what, may_move_of=of)
    wanted = {str(region.group.pk)}
    if what == "everything":
        wanted.add(str(other.pk))
    assert freed_by(run) == wanted
    assert wanted <= freed(run)
    assert run.may_move_of == [str(key) for key in of]


def test_a_choice_of_nothing_is_refused() -> None:
    Region()
    with pytest.raises(ValidationError):
        beside(may_move="centres", may_move_of=[])
