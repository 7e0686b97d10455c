"""No finding without a way on: each check has a form where it stands, or a link to the
record, for whoever reads it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scheduling.doctor_words import CHECK_WORDS, check_sentence
from scheduling.forms_mend import FORMS
from scheduling.services.found_things import OFFERED, OPENED, Thing, Told
from scheduling.services.mends import MENDS, is_of_care
from scheduling.services.standing import READ
from scheduling.solver.doctor import CHECKS, examine
from scheduling.views.checkup import SHOWN, Mends
from scheduling.views.mend import ABOUT, PAIR, WITH_OTHER, Look
from scheduling.views.records import (
    COORDINATED,
    ELSEWHERE,
    NOT_HERE,
    NOT_LINKED,
    PLACES,
    RECORDS,
    SPECIAL,
    links,
)
from tests.doctor_cases import CASES
from tests.factories import (
    FacilitatorFactory,
    RegistrationFactory,
    RoomFactory,
    SeriesFactory,
)
from tests.scheduling.views.conftest import WEEK

KEYS = {"series": str(uuid.UUID(int=1)), "session": str(uuid.UUID(int=2))}


def found(check: str) -> Told:
    """What the check finds in its own problem, as the page tells it."""
    finding = next(one for one in examine(CASES[check][0]) if one.check == check)
    kinds = [kind for kind, _ident in finding.about]
    kinds += ["offering"] if check in OFFERED else []
    kinds += ["centre"] if check in OPENED else []
    kinds += ["session"] if dict(finding.facts).get("slot") is not None else []
    things = tuple(
        Thing(
            kind=kind,
            key=KEYS.get(kind, str(number)),
            name=kind,
            record="7" if kind == "person" else "",
        )
        for number, kind in enumerate(kinds, 1)
    )
    return Told(
        check=check,
        severity=finding.severity.value,
        wrong="Wrong.",
        right="Right.",
        things=things,
        facts=dict(finding.facts),
    )


def line(told: Told, *, everywhere: bool = True) -> dict[str, Any]:
    mends = Mends(
        look=Look(week=WEEK, term=True), choices={}, written={}, everywhere=everywhere
    )
    return mends.of(told, number=0) | {"links": links(told, everywhere=everywhere)}


@pytest.mark.parametrize("check", [check.id for check in CHECKS])
def test_what_is_found_can_be_mended_here_or_at_its_record(check: str) -> None:
    shown = line(found(check))
    assert shown["links"], "no link to a record"
    assert "form" in shown or shown["note"], "neither a form nor why there is none"


@pytest.mark.parametrize("check", [check.id for check in CHECKS])
def test_its_sentence_uses_the_numbers_that_it_finds(check: str) -> None:
    wrong, _right = check_sentence(check, {"it": "", "other": "", **found(check).facts})
    assert "%(" not in wrong


@pytest.mark.parametrize("check", [check.id for check in CHECKS])
def test_who_may_not_decide_on_care_is_told_who_does(check: str) -> None:
    shown = line(found(check), everywhere=False)
    if is_of_care(check):
        assert "form" not in shown
        assert shown["note"]
        assert not any(
            "/aanmeldingen/" in address for _words, address in shown["links"]
        )
    else:
        assert shown["links"]
        assert "form" in shown or shown["note"]


@pytest.mark.parametrize("check", sorted(FORMS))
def test_what_unfolds_leads_to_the_form_alone(check: str) -> None:
    mends = Mends(
        look=Look(week=WEEK, term=True), choices={}, written={}, everywhere=True
    )
    shown = mends.of(found(check), number=SHOWN)
    assert f"/{check}/" in shown["mend"]
    assert ("ander=" in shown["mend"]) is (check in {*WITH_OTHER, PAIR})


def test_what_is_kept_by_check_is_kept_of_a_check() -> None:
    checks = {check.id for check in CHECKS}
    assert set(FORMS) == set(MENDS)
    tables: list[Any] = [
        FORMS, READ, PLACES, SPECIAL, NOT_LINKED, ELSEWHERE, NOT_HERE, ABOUT,
        WITH_OTHER, OFFERED, OPENED,
    ]  # fmt: skip
    for table in tables:
        assert set(table) <= checks
    assert set(NOT_HERE) == checks - set(FORMS)
    assert set(CHECK_WORDS) == checks


@pytest.mark.django_db
def test_every_place_is_on_its_page(signed_in: Client) -> None:
    series = SeriesFactory()
    rows = {
        "series": series,
        "offering": series.offering,
        "room": RoomFactory(),
        "facilitator": FacilitatorFactory(),
        "registration": RegistrationFactory(),
        "person": RegistrationFactory(),
    }
    places = {
        (kind, place) for given in PLACES.values() for kind, place in given.items()
    }
    pages = {**RECORDS, **COORDINATED}
    for kind, row in rows.items():
        html = signed_in.get(reverse(pages[kind].view, args=[row.pk])).content.decode()
        for place in sorted(place for one, place in places if one == kind):
            assert f'id="{place}"' in html, f"{kind}: {place}"
