"""Ways to hand a message over that do not work, for tests of how that is read."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend

from messaging.sms import SmsRefused


class Refusing:
    """An SMS service that says no."""

    def send(self, **_message: str) -> None:
        """Refuse for now."""
        raise SmsRefused("no credit")


class Breaking:
    """An SMS service whose line breaks in the middle."""

    def send(self, **_message: str) -> None:
        """Break."""
        raise OSError("cut")


class Mail(BaseEmailBackend):
    """A mail server that answers with `fault`, set by the test."""

    fault: Exception
    opens = True

    def open(self) -> bool:
        """Let the line open, or not."""
        if not type(self).opens:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages: Any) -> int:
        """Answer with the fault of the test."""
        raise type(self).fault


ANSWERS: list[tuple[Exception, str, bool]] = [
    (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), "failed", True),
    (smtplib.SMTPRecipientsRefused({"a": (451, b"later")}), "failed", False),
    (smtplib.SMTPSenderRefused(421, b"busy", "me"), "failed", False),
    (smtplib.SMTPDataError(552, b"full"), "failed", False),
    (smtplib.SMTPServerDisconnected("gone"), "unsure", False),
    (TimeoutError(), "unsure", False),
]
"""A fault while a message is handed over, what becomes of it, and whether for ever."""
