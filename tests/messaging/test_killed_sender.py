"""A sender killed with -9 in the middle of a mail: nobody ever gets it twice."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from messaging import services
from messaging.enums import MessageState
from messaging.models import OutboxMessage
from tests.factories import OutboxMessageFactory
from tests.messaging.mail_server import MailServer
from tests.other_program import start_program

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = """
import os, time
from datetime import timedelta
import django
from django.conf import settings
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(os.environ["MAIL_PORT"])
django.setup()
from audit.actor import Actor
from messaging.services import sending
sending.LEASE = timedelta(seconds=float(os.environ["LEASE"]))
while True:
    sending.send_approved(actor=Actor.system("test"))
    time.sleep(0.1)
"""


class Senders:
    """Programs that send, each ended at the latest by the end of the test."""

    def __init__(self) -> None:
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self, server: MailServer, lease: float = 900) -> None:
        self.programs.append(
            start_program(SENDER, MAIL_PORT=str(server.port), LEASE=str(lease))
        )

    def kill(self) -> None:
        for program in self.programs:
            program.send_signal(signal.SIGKILL)
            program.wait()


@pytest.fixture
def senders() -> Iterator[Senders]:
    found = Senders()
    yield found
    found.kill()


def wait_for(done: Callable[[], object]) -> None:
    end = time.monotonic() + 40
    while not done():
        assert time.monotonic() < end, list(
            OutboxMessage.objects.values_list("body", "state", "fault")
        )
        time.sleep(0.05)


def states() -> dict[str, str]:
    return dict(OutboxMessage.objects.values_list("body", "state"))


@pytest.mark.parametrize(("moment", "arrived"), [("before", 0), ("after", 1)])
def test_nobody_gets_a_mail_twice(actor, senders, moment: str, arrived: int) -> None:
    rows = [OutboxMessageFactory(body=body) for body in ("een", "twee", "drie")]
    services.approve(actor=actor, message_ids=[row.pk for row in rows])
    second = f"<{rows[1].uid}@localhost>"
    with MailServer(stop_at=("twee", moment)) as server:
        senders.start(server)
        assert server.stopped.wait(timeout=40)
        assert states() == {"een": "sent", "twee": "sending", "drie": "approved"}
        senders.kill()
        server.go_on.set()
        senders.start(server, lease=0.5)
        wait_for(lambda: states()["twee"] == MessageState.UNSURE)
        wait_for(lambda: states()["drie"] == MessageState.SENT)
        time.sleep(0.5)
        assert server.ids().count(second) == arrived
        assert len(server.ids()) == len(set(server.ids())) == 2 + arrived
        # A person looks, and decides to send it (again): the same letter.
        assert services.send_again(actor=actor, message_id=rows[1].pk)
        wait_for(lambda: states()["twee"] == MessageState.SENT)
        assert server.ids()[-1] == second


def test_a_sender_that_wakes_up_late_cannot_settle_a_later_attempt(actor) -> None:
    from messaging.services import sending

    row = OutboxMessageFactory()
    services.approve(actor=actor, message_ids=[row.pk])
    first = sending._claim(timezone.now())
    OutboxMessage.objects.update(state="unsure")
    services.send_again(actor=actor, message_id=row.pk)
    later = sending._claim(timezone.now())
    assert later.fence == first.fence + 1
    assert not sending._settle(actor, first, state="failed")
    assert states() == {row.body: "sending"}
    OutboxMessage.objects.update(state="unsure")
    assert sending._settle(actor, later, state="sent", sent_at=timezone.now())
