"""The small installation: refusals, demo accounts that can sign in, readiness."""

import http.server
import json
import socket
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from config import demo
from config.management.commands import gem
from config.supervisor import Supervisor
from people.enums import Role
from people.models import RoleMembership, User
from tests.factories.people import FacilitatorFactory

PASSWORD = "an-invented-password"


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def logins(db) -> list[demo.DemoLogin]:
    """A coordinator and a resident, as demo_region leaves them."""
    rows = []
    for role in (Role.COORDINATOR, Role.RESIDENT):
        user = User.objects.create_user(f"{role}@demo.example", PASSWORD)
        RoleMembership.objects.create(user=user, role=role)
        rows.append(demo.DemoLogin(user.email, PASSWORD, role))
    demo.write_logins(rows)
    return demo.give_second_factors()


def test_only_staff_get_a_second_factor(logins: list[demo.DemoLogin]) -> None:
    coordinator, resident = logins
    assert len(coordinator.second_factor) >= 16
    assert resident.second_factor == ""
    assert demo.give_second_factors() == logins
    assert demo.read_logins() == logins
    assert demo.logins_file().stat().st_mode & 0o777 == 0o600


def test_demo_coordinator_signs_in_with_password_and_code(
    logins: list[demo.DemoLogin], client: Client, settings
) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    login = logins[0]
    client.post(
        reverse("account_login"), {"login": login.email, "password": login.password}
    )
    client.post(reverse("mfa_authenticate"), {"code": demo.current_code(login)})
    assert client.get(reverse("about")).status_code == 200
    assert "_auth_user_id" in client.session


def test_codes_are_shown_for_staff_alone(
    logins: list[demo.DemoLogin], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo_codes")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    code, email = lines[0].split()
    assert (len(code), email) == (6, logins[0].email)


def test_unknown_fields_of_the_file_are_left_alone() -> None:
    row = {"email": "a@demo.example", "password": "p", "role": "host", "name": "A"}
    demo.logins_file().write_text(json.dumps([row]))
    assert demo.read_logins() == [demo.DemoLogin("a@demo.example", "p", "host")]


def test_agenda_address_of_the_demo_facilitator_stays_the_same(
    client: Client, db
) -> None:
    assert demo.give_agenda() == ""
    person = FacilitatorFactory().person
    person.user = User.objects.create_user("facilitator@demo.example", PASSWORD)
    person.save()
    login = demo.DemoLogin(person.user.email, PASSWORD, Role.FACILITATOR)
    demo.write_logins([login])

    path = demo.give_agenda()
    assert demo.give_agenda() == path
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")


def test_codes_without_a_demo_end_with_status_2() -> None:
    with pytest.raises(CommandError, match="make run") as caught:
        call_command("demo_codes")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("command", ["gem", "demo_codes"])
def test_production_has_no_demo(settings, command: str) -> None:
    settings.DEMO_DATA_ALLOWED = False
    with pytest.raises(CommandError, match=r"production") as caught:
        call_command(command)
    assert caught.value.returncode == 2


def test_busy_port_is_named_before_anything_starts() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use") as caught:
            call_command("gem", port=port)
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-22T22:59:00Z", "2026-W47"),
        # Monday has begun in Amsterdam, not yet in UTC.
        ("2026-11-22T23:01:00Z", "2026-W48"),
        ("2027-01-01T12:00:00Z", "2026-W53"),
    ],
)
def test_week_is_that_of_amsterdam(
    monkeypatch: pytest.MonkeyPatch, now: str, week: str
) -> None:
    from datetime import datetime

    monkeypatch.setattr(gem.timezone, "now", lambda: datetime.fromisoformat(now))
    assert gem.current_week() == week


@pytest.mark.parametrize(
    ("week", "day"), [("2026-W49", "2026-11-29"), ("2027-W01", "2027-01-03")]
)
def test_the_demo_is_planned_before_its_week(week: str, day: str) -> None:
    assert gem.day_before(week) == day


def test_site_counts_as_ready_when_it_answers_at_all() -> None:
    class Refusing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.handle_request, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    assert gem.wait_for(address, Supervisor(), seconds=5) is None
    server.server_close()
    with pytest.raises(CommandError, match="did not answer"):
        gem.wait_for(address, Supervisor(), seconds=0.3)
