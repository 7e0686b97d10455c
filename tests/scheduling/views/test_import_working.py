"""The pages of a large import: followed, stopped, and on by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from courses.models import ImportWork, RegionImport
from courses.services import import_work, proposals
from people.enums import Role
from people.models import Organisation
from tests.factories import OrganisationFactory, UserFactory
from tests.scheduling.views.test_importing import BRUG, PAGE, sent
from tests.web.html import faults

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _all_is_large(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(import_work, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(import_work, "AT_ONCE_ROWS", 0)
    signed_in.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


def worked() -> ImportWork:
    work = ImportWork.objects.get()
    import_work.work_on(work_id=work.pk)
    work.refresh_from_db()
    return work


def test_from_a_large_file_to_what_is_stored(signed_in: Client) -> None:
    where = sent(signed_in).url
    work = ImportWork.objects.get()
    assert where == f"/importeren/bezig/{work.pk}/"
    for state in ("waiting", "working"):
        ImportWork.objects.update(state=state)
        html = signed_in.get(where).content.decode()
        assert faults(html, "en") == []
        assert 'hx-trigger="every 1s"' in html
        assert "<noscript>" in html
    assert f'href="{where}"' in signed_in.get(PAGE).content.decode()
    ImportWork.objects.update(done=3, of=20)
    part = signed_in.get(where, headers=HTMX)
    assert "3 of 20 sheets are done." in part.content.decode()
    assert "<html" not in part.content.decode()
    preview = f"/importeren/{worked().proposal_id}/"
    assert signed_in.get(where, headers=HTMX)["HX-Redirect"] == where
    assert signed_in.get(where)["Location"] == preview
    digest = RegionImport.objects.get().digest
    load = signed_in.post(f"{preview}inlezen/", {"digest": digest}).url
    html = signed_in.get(load).content.decode()
    assert faults(html, "en") == []
    worked()
    done = signed_in.get(load, follow=True)
    assert done.redirect_chain[0][0] == PAGE
    assert "Loaded: 1 added, 0 changed, 0 taken away." in done.content.decode()
    assert Organisation.objects.filter(code="brug").exists()


def test_faults_are_shown_and_come_as_a_file(signed_in: Client) -> None:
    where = sent(signed_in, BRUG.replace("welfare", "circus")).url
    worked()
    assert signed_in.get(where, headers=HTMX)["HX-Redirect"] == where
    html = signed_in.get(where).content.decode()
    assert faults(html, "en") == []
    assert "“circus” is not in the list." in html
    file = signed_in.get(f"{where}?lijst")
    assert file["Content-Disposition"] == 'attachment; filename="gem-faults.csv"'
    assert "circus" in file.content.decode("utf-8-sig")


def test_what_cannot_be_read_or_failed_is_said(signed_in: Client) -> None:
    where = sent(signed_in, "code\n" + '"x' * 20).url
    worked()
    html = signed_in.get(where).content.decode()
    assert faults(html, "en") == []
    assert "breaks off in line" in html
    ImportWork.objects.update(state="failed", refusal=None)
    html = signed_in.get(where).content.decode()
    assert faults(html, "en") == []
    assert "Something went wrong in the program." in html
    told = proposals.packed("Your account may not.")
    ImportWork.objects.update(refusal=told)
    assert "Your account may not." in signed_in.get(where).content.decode()


def test_the_newer_preview_is_shown_when_rows_changed(signed_in: Client) -> None:
    brug = OrganisationFactory(code="brug", name="De Brugg", kind="welfare")
    sent(signed_in)
    proposal = worked().proposal
    assert proposal is not None
    load = signed_in.post(f"/importeren/{proposal.pk}/inlezen/", {"digest": "old"}).url
    worked()
    html = signed_in.get(load, follow=True).content.decode()
    assert faults(html, "en") == []
    assert "Something changed meanwhile. Nothing was loaded." in html
    brug.refresh_from_db()
    assert brug.name == "De Brugg"


def test_it_can_be_stopped_until_it_is_over(signed_in: Client) -> None:
    where = sent(signed_in).url
    html = signed_in.post(f"{where}stoppen/", follow=True).content.decode()
    assert "It was stopped. Nothing was loaded." in html
    assert not ImportWork.objects.exists()
    assert signed_in.get(where)["Location"] == PAGE
    where = sent(signed_in).url
    worked()
    assert signed_in.post(f"{where}stoppen/")["Location"] == where
    proposal = RegionImport.objects.get()
    load = signed_in.post(
        f"/importeren/{proposal.pk}/inlezen/", {"digest": proposal.digest}
    ).url
    stopped = signed_in.post(f"{load}stoppen/")
    assert stopped["Location"] == f"/importeren/{proposal.pk}/"


def test_another_coordinator_does_not_see_it(signed_in: Client, client: Client) -> None:
    where = sent(signed_in).url
    client.force_login(UserFactory(role=Role.COORDINATOR))
    assert client.get(where)["Location"] == PAGE
    assert client.post(f"{where}stoppen/")["Location"] == PAGE
    assert client.get(f"/importeren/bezig/{uuid.uuid4()}/")["Location"] == PAGE
    assert ImportWork.objects.exists()


def test_nothing_else_is_done_with_what_is_being_loaded(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(signed_in)
    proposal = worked().proposal
    assert proposal is not None
    preview = f"/importeren/{proposal.pk}/"
    load = signed_in.post(f"{preview}inlezen/", {"digest": proposal.digest}).url
    told = "A file of yours is being loaded at this moment."
    for most in (10, 100_000):  # a large file, and a small one
        monkeypatch.setattr(import_work, "AT_ONCE_BYTES", most)
        assert sent(signed_in)["Location"] == PAGE
        html = signed_in.get(PAGE).content.decode()
        assert told in html
        assert f'href="{load}"' in html

    def being_loaded(**_asked: object) -> bool:
        raise proposals.BeingLoaded

    monkeypatch.setattr(proposals, "drop", being_loaded)
    html = signed_in.post(f"{preview}weg/", follow=True).content.decode()
    assert told in html
    assert "thrown away" not in html
    assert RegionImport.objects.get() == proposal
