"""The pages to import a region: faults, a preview, and loading what was seen."""

from __future__ import annotations

import io
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from courses.models import RegionImport
from courses.services import uploads
from people.enums import Role
from people.models import Organisation
from scheduling.views import importing
from tests.factories import OrganisationFactory, UserFactory
from tests.web.html import faults

pytestmark = pytest.mark.django_db
PAGE = "/importeren/"
BRUG = "code,name,kind\nbrug,De Brug,welfare\n"


@pytest.fixture(autouse=True)
def _in_english(signed_in: Client) -> Iterator[None]:
    signed_in.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


def sent(client: Client, text: str = BRUG, name: str = "organisations", **more: Any):
    file = SimpleUploadedFile(f"{name}.csv", text.encode())
    return client.post(PAGE, {"files": [file], **more})


def test_every_page_is_sound(signed_in: Client) -> None:
    for page in (
        signed_in.get(PAGE),
        sent(signed_in, BRUG.replace("welfare", "circus")),
        signed_in.get(sent(signed_in).url),
    ):
        assert faults(page.content.decode(), "en") == []


def test_every_fault_is_in_one_table_and_nothing_is_kept(signed_in: Client) -> None:
    text = "code,name,kind\nbrug,De Brug,circus\nzuid,,welfare\n"
    page = sent(signed_in, text)
    assert page.status_code == 400
    html = page.content.decode()
    assert "2 things are not right yet. Nothing was loaded." in html
    assert "“circus” is not in the list." in html
    assert "This cell is empty." in html
    assert not RegionImport.objects.exists()
    assert not Organisation.objects.filter(code="brug").exists()


def test_faults_come_as_a_file_too_with_no_formula(signed_in: Client) -> None:
    file = sent(signed_in, "=cmd,name\na,b\n", act="list")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Sheet;Row;Column")
    assert any("'=cmd" in line for line in lines)
    assert file["Content-Disposition"] == 'attachment; filename="gem-faults.csv"'


def test_many_faults_are_cut_and_the_rest_is_counted(signed_in, monkeypatch) -> None:
    monkeypatch.setattr(importing, "MOST_FAULTS", 1)
    html = sent(signed_in, "code,name,kind\na,,x\n").content.decode()
    assert "This cell is empty." not in html
    assert "1 more is not shown here." in html


def test_from_a_file_to_what_is_stored(signed_in: Client) -> None:
    OrganisationFactory(code="brug", name="De Brugg", kind="welfare")
    answer = sent(signed_in, BRUG + "zuid,Zuid,welfare\n")
    html = signed_in.get(answer.url).content.decode()
    assert "<del>De Brugg</del>" in html
    assert "<ins>De Brug</ins>" in html
    digest = RegionImport.objects.get().digest
    done = signed_in.post(f"{answer.url}inlezen/", {"digest": digest}, follow=True)
    assert "Loaded: 1 added, 1 changed, 0 taken away." in done.content.decode()
    assert Organisation.objects.get(code="brug").name == "De Brug"
    gone = signed_in.get(answer.url, follow=True)
    assert "does not wait any more" in gone.content.decode()


def test_the_newer_preview_is_shown_when_rows_changed(signed_in: Client) -> None:
    brug = OrganisationFactory(code="brug", name="De Brugg", kind="welfare")
    answer = sent(signed_in)
    digest = RegionImport.objects.get().digest
    brug.name = "De Brugge"
    brug.save()
    page = signed_in.post(f"{answer.url}inlezen/", {"digest": digest})
    assert page.status_code == 409
    html = page.content.decode()
    assert "Something changed meanwhile. Nothing was loaded." in html
    assert "<del>De Brugge</del>" in html
    assert digest not in html
    assert Organisation.objects.get(code="brug").name == "De Brugge"


def test_a_file_can_be_thrown_away_once(signed_in: Client) -> None:
    answer = sent(signed_in)
    first = signed_in.post(f"{answer.url}weg/", follow=True).content.decode()
    assert "The file was thrown away." in first
    again = signed_in.post(f"{answer.url}weg/", follow=True).content.decode()
    assert "does not wait any more" in again


def test_no_file_two_of_one_name_and_too_much_are_refused(
    signed_in: Client, monkeypatch
) -> None:
    assert "Choose a file first." in signed_in.post(PAGE).content.decode()
    twice = [SimpleUploadedFile("a.csv", b"code\nx\n") for _one in range(2)]
    page = signed_in.post(PAGE, {"files": twice})
    assert "Two files have the same name." in page.content.decode()
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    page = sent(signed_in)
    assert page.status_code == 400
    assert "larger than 25 MB" in page.content.decode()
    assert not RegionImport.objects.exists()


def test_templates_are_there_to_download(signed_in: Client) -> None:
    from openpyxl import load_workbook

    page = signed_in.get(reverse("scheduling:import-template", args=["xlsx"]))
    book = load_workbook(io.BytesIO(page.content))
    assert book["rooms"].max_row == 1
    assert signed_in.get(f"{PAGE}gem-region.zip").content[:2] == b"PK"


def test_less_than_the_region_looks_and_does_not_load(client: Client) -> None:
    user = UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    client.force_login(user)
    html = client.get(PAGE).content.decode()
    assert "Ask a coordinator of the whole region" in html or "coördinator" in html
    assert 'type="file"' not in html
    assert sent(client).status_code == 403
    assert client.get(f"{PAGE}{uuid.uuid4()}/").status_code == 403


def test_another_coordinator_does_not_see_the_file(
    signed_in: Client, client: Client
) -> None:
    url = sent(signed_in).url
    client.force_login(UserFactory(role=Role.COORDINATOR))
    assert client.get(url).status_code == 302
    assert client.post(f"{url}inlezen/").status_code == 302
    assert RegionImport.objects.get().loaded_at is None


def test_a_preview_takes_as_many_queries_for_three_rows(signed_in: Client) -> None:
    costs = []
    for number in (1, 3):
        rows = "".join(f"o{one},Huis {one},welfare\n" for one in range(number))
        url = sent(signed_in, "code,name,kind\n" + rows).url
        with CaptureQueriesContext(connection) as cost:
            signed_in.get(url)
        costs.append(len(cost))
    assert costs[0] == costs[1]


def test_nothing_of_a_file_is_in_the_logs(signed_in: Client, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        sent(signed_in, "code,name,kind\nbrug,Zilverlinde,circus\n", name="Zilverlinde")
        signed_in.get(sent(signed_in, BRUG.replace("De Brug", "Zilverlinde")).url)
    told = [one for one in caplog.records if one.name != "django.db.backends"]
    assert not [one for one in told if "Zilverlinde" in one.getMessage()]


def test_a_page_of_rows_is_divided(signed_in: Client, monkeypatch) -> None:
    monkeypatch.setattr(importing, "PER_PAGE", 2)
    rows = "".join(f"o{one},Huis {one},welfare\n" for one in range(5))
    url = sent(signed_in, "code,name,kind\n" + rows).url
    html = signed_in.get(f"{url}?blad=organisations&page=3").content.decode()
    assert "Huis 4" in html
    assert "Huis 0" not in html
