"""The frame, the error pages and the components, read with an HTML parser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings
from django.urls import resolve
from django.utils import translation

from config.look import KIND_LOOKS, LOOK_OF_KIND, draw_progress, kind_look
from config.look import ProgressPoint as Point
from config.navigation import MAIN_MENU, NavigationItem, link_to, navigation
from courses.kinds import OfferingKind
from tests.web.gallery_data import PAGES, SampleForm, gallery, render, request
from tests.web.html import faults

ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html"]
WORDS = ["pages/about.html", "pages/accessibility.html"]


class Member:
    """Someone signed in, with roles; no database."""

    is_authenticated = True
    is_staff = True
    email = "iemand@example.org"

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)


@pytest.mark.parametrize("template", ERRORS + WORDS)
def test_page_is_sound(template: str) -> None:
    html = render_to_string(template, {}, request())
    assert faults(html) == []
    assert "113" in html
    assert "0800-0113" in html
    assert "112" in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_is_in_its_language(language: str) -> None:
    with translation.override(language):
        html = render_to_string("pages/about.html", {}, request())
    assert faults(html, language) == []


def test_server_error_page_needs_no_request_and_no_database() -> None:
    assert faults(get_template("500.html").render()) == []


@pytest.mark.parametrize("name", PAGES)
def test_gallery_is_sound(name: str) -> None:
    assert faults(gallery(name)) == []


def test_the_reader_of_faults_sees_faults() -> None:
    bad = (
        '<html lang="en"><main><h1>a</h1><h3 style="x">b</h3><h1>c</h1>'
        '<input name="q"><img src="https://elsewhere.example/x"><i id="a" id="b">'
        '<script>1</script><a onclick="x">d</a><p aria-describedby="gone">'
    )
    found = " ".join(faults(bad))
    for part in (
        "lang",
        "2 <h1>",
        "jumps",
        "inline style",
        "inline script",
        "onclick",
        "no label for q",
        "without alt",
        "from elsewhere",
        "without an address",
        "'gone'",
    ):
        assert part in found


def test_field_wires_label_hint_and_error() -> None:
    html = render("{% field form.mail %}", {"form": SampleForm({"mail": "x"})})
    assert 'for="id_mail"' in html
    assert 'aria-describedby="id_mail_hint id_mail_error"' in html
    assert 'id="id_mail_hint"' in html
    assert 'id="id_mail_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_without_hint_or_error_refers_to_nothing() -> None:
    html = render("{% field form.name %}", {"form": SampleForm()})
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_choices_are_a_fieldset_with_the_question_as_legend() -> None:
    html = render("{% field form.way %}", {"form": SampleForm()})
    assert html.startswith("<fieldset")
    assert "Hoe komt u?</legend>" in html
    assert html.count('type="radio"') == 2


def test_error_summary_links_to_controls_that_exist() -> None:
    form = SampleForm({"name": ""})
    html = render("{% error_summary form %}{% fields form %}", {"form": form})
    for name in ("id_name", "id_way_0", "id_agree"):
        assert f'href="#{name}"' in html
        assert f'id="{name}"' in html


def test_error_summary_is_silent_when_nothing_is_wrong() -> None:
    assert render("{% error_summary form %}", {"form": SampleForm()}).strip() == ""


def test_texts_are_escaped() -> None:
    bad = '<b onclick="x">'
    source = (
        "{% pill t %}{% button t %}{% button t href=t %}"
        "{% chip t t 'peer' aria_label=t %}{% facts_card t t %}"
        "{% alert 'info' title=t %}{{ t }}{% endalert %}"
        "{% disclosure t %}{{ t }}{% enddisclosure %}{% empty t %}{{ t }}{% endempty %}"
        "{% icon 'info' label=t %}"
    )
    html = render(source, {"t": bad})
    assert "<b" not in html.replace("<button", "")
    assert html.count("&lt;b onclick=&quot;x&quot;&gt;") >= 14


@pytest.mark.parametrize("name", ["style", "onclick"])
def test_attributes_the_policy_refuses_are_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        render(f"{{% button 'a' {name}='b' %}}", {})


@pytest.mark.parametrize(
    "source",
    [
        "{% icon 'no-such' %}",
        "{% pill 'a' 'no-such' %}",
        "{% button 'a' variant='x' %}",
    ],
)
def test_unknown_names_fail_loudly(source: str) -> None:
    with pytest.raises(ValueError, match=r"no-such|'x'"):
        render(source, {})


def test_attributes_for_htmx_are_written_with_dashes() -> None:
    html = render(
        "{% button 'a' hx_post='/x/' name='n' disabled=True hidden=False %}", {}
    )
    assert 'hx-post="/x/"' in html
    assert "disabled" in html
    assert "hidden" not in html


def test_every_kind_has_a_look_of_its_own() -> None:
    assert set(LOOK_OF_KIND) == set(OfferingKind.values)
    assert len(set(LOOK_OF_KIND.values())) == len(LOOK_OF_KIND)
    assert len({look.icon for look in KIND_LOOKS.values()}) == len(KIND_LOOKS)


def test_an_online_meeting_looks_online_whatever_its_kind() -> None:
    assert kind_look("recovery_course", "online").css == "online"
    assert kind_look("digital_module", "online").css == "digital"
    assert kind_look("recovery_course", "hybrid").css == "course"


def test_pagination_keeps_the_other_parameters() -> None:
    asked = RequestFactory().get("/?soort=peer&page=2")
    asked.user = AnonymousUser()
    page = PAGES["leftout"]()["pages"]
    html = render_to_string(
        "components/pagination.html",
        {"page": page, "request": asked, "numbers": [1, 7], "gap": "…"},
        asked,
    )
    assert "?soort=peer&amp;page=6" in html
    assert 'aria-current="page"' in html


def test_progress_lines_meet_the_numbers() -> None:
    drawing = draw_progress(
        [Point(0, None, 10), Point(5, 6, 10), Point(10, 8, 8)], width=100, height=116
    )
    assert drawing is not None
    assert drawing.bound_path == "M0 8H50V8H100V58H100"
    assert drawing.value_path == "M50 108H100V58H100"
    assert drawing.room_path == "M50 8H100V58H100V58H100V108H50Z"


def test_progress_of_nothing_draws_nothing() -> None:
    assert draw_progress([]) is None
    assert draw_progress([Point(0, None, None)]) is None


def test_menu_shows_what_a_role_may_use_and_no_dead_link() -> None:
    asked = request()
    items = (
        NavigationItem("for all", "about"),
        NavigationItem("for coordinators", "accessibility", frozenset({"coordinator"})),
        NavigationItem("nowhere", "no:such"),
    )
    seen = {}
    for name, user in (("anyone", AnonymousUser()), ("c", Member("coordinator"))):
        asked.user = user
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("config.navigation.MAIN_MENU", items)
            seen[name] = [item["label"] for item in navigation(asked)["navigation"]]
    assert seen == {"anyone": ["for all"], "c": ["for all", "for coordinators"]}


def test_every_menu_item_leads_to_a_page() -> None:
    dead = [item.view for item in MAIN_MENU if not link_to(item.view)]
    assert dead == []
    for item in MAIN_MENU:
        assert resolve(link_to(item.view)).view_name == item.view


def test_the_page_one_is_on_is_marked() -> None:
    asked = request(link_to("about"))
    links = navigation(asked)["footer_links"]
    assert [link["current"] for link in links] == [True, False]


@pytest.mark.parametrize("path", ["/over/", "/toegankelijkheid/"])
def test_pages_of_words_answer(client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert faults(answer.content.decode()) == []
    assert client.post(path).status_code == 405


@override_settings(GEM_CONTACT_EMAIL="hulp@example.org")
def test_contact_address_is_shown_where_it_is_set() -> None:
    from config.pages import accessibility

    html = accessibility(request()).render().content.decode()
    assert 'href="mailto:hulp@example.org"' in html


@pytest.mark.django_db
def test_language_switch_is_a_post_that_stays_on_the_page(client) -> None:
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/over/"})
    assert (answer.status_code, answer.url) == (302, "/over/")
    assert 'lang="en"' in client.get("/over/").content.decode()


def test_a_refused_form_says_so_calmly(client) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/i18n/setlang/", {"language": "en"})
    assert answer.status_code == 403
    assert faults(answer.content.decode()) == []
