"""Mail of the site as its reader gets it: after the outbox sent it."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail

from audit.actor import Actor
from messaging.services import send_approved

LINK = re.compile(r"https?://[^/\s]+(/aanmelding/\S+/)")


def sent() -> list[Any]:
    """Every mail that went, once what waits has gone too."""
    send_approved(actor=Actor.system("test"))
    return list(mail.outbox)


def link_in(message: Any) -> str:
    """The path of the link in a mail."""
    found = LINK.search(message.body)
    assert found is not None, message.body
    return found.group(1)


def sent_path() -> str:
    """The path of the link in the last mail that has one."""
    return link_in([one for one in sent() if LINK.search(one.body)][-1])
