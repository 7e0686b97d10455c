"""Handing a message to the mail server or the SMS service, and reading how that went.

Three outcomes: it went, it certainly did not (`NotSent`), or nobody can say
(`Perhaps`). The first is the return of `Deliverer.deliver`.
"""

from __future__ import annotations

import smtplib
from email.utils import parseaddr
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.translation import override

from messaging.enums import MessageChannel
from messaging.sms import SmsRefused

if TYPE_CHECKING:
    from messaging.models import OutboxMessage

REACHABLE = {MessageChannel.EMAIL: "email", MessageChannel.SMS: "sms"}


class NotSent(Exception):
    """It certainly did not go: `code` says why, `final` that it never will."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code, self.final = code[:80], final


class Perhaps(Exception):
    """The line was cut after the message was handed over: nobody can say."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:80]


class Deliverer:
    """One open line to the mail server for a round of sending."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def deliver(self, message: OutboxMessage) -> None:
        """Hand one message over.

        Raises
        ------
        NotSent, Perhaps
        """
        try:
            to = _address(message)
        except ValueError as fault:
            raise NotSent(str(fault), final=True) from None
        if message.channel == MessageChannel.SMS:
            self._sms(message, to)
        else:
            self._mail(message, to)

    def _sms(self, message: OutboxMessage, to: str) -> None:
        try:
            backend = import_string(settings.SMS_BACKEND)()
        except Exception as fault:
            raise NotSent(type(fault).__name__) from fault
        try:
            backend.send(number=to, text=sms_text(message), reference=str(message.uid))
        except SmsRefused as refused:
            raise NotSent(str(refused) or "refused", final=refused.final) from None
        except Exception as fault:
            raise Perhaps(type(fault).__name__) from fault

    def _mail(self, message: OutboxMessage, to: str) -> None:
        try:
            mail = compose(message, to)
            mail.message()  # a wrong header or address shows here
            self._open()
        except Exception as fault:
            self._close()
            raise NotSent(_code(fault)) from fault
        try:
            self._connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = {code for code, _words in refused.recipients.values()}
            raise NotSent(
                f"SMTPRecipientsRefused {min(codes, default=0)}",
                final=all(500 <= code < 600 for code in codes),
            ) from None
        except (smtplib.SMTPResponseException, BadHeaderError) as refused:
            # The server answered, and the answer was no.
            self._close()
            raise NotSent(_code(refused)) from None
        except Exception as fault:
            self._close()
            raise Perhaps(_code(fault)) from fault

    def _open(self) -> None:
        """Have a line that works: a server may have cut one that was idle."""
        line = getattr(self._connection, "connection", None)
        if line is not None:
            try:
                alive = line.noop()[0] == 250
            except (OSError, smtplib.SMTPException):
                alive = False
            if not alive:
                self._close()
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()

    def _close(self) -> None:
        line, self._connection = self._connection, None
        if line is not None:
            try:
                line.close()
            except (OSError, smtplib.SMTPException):
                return  # it is closed on the other side already


def _code(fault: Exception) -> str:
    number = getattr(fault, "smtp_code", "")
    return f"{type(fault).__name__} {number}".strip()


def _address(message: OutboxMessage) -> str:
    person = message.recipient
    if person is None:
        return message.address
    if person.contact_channel != REACHABLE[MessageChannel(message.channel)]:
        raise ValueError("no such address")
    return person.contact_address


def compose(message: OutboxMessage, to: str) -> EmailMultiAlternatives:
    """The mail: text, the same words as HTML, and a calendar file where it helps.

    The Message-ID is the same at each attempt. `Auto-Submitted` keeps out-of-office
    answers away (RFC 3834, 5).
    """
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=as_text(message),
        to=[to],
        headers={
            "Message-ID": f"<{message.uid}@{sender.rpartition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    mail.attach_alternative(as_html(message), "text/html")
    if message.sessions:
        calendar_of = import_string(settings.MESSAGE_CALENDAR)
        content = calendar_of(message.sessions, language=message.language)
        if content:
            mail.attach("gem.ics", content, "text/calendar; method=PUBLISH")
    return mail


def as_text(message: OutboxMessage) -> str:
    """The message for programs that show plain text: words, and the bare link."""
    if not message.link:
        return message.body
    words = f"{message.link_words}:\n" if message.link_words else ""
    return f"{message.body}\n\n{words}{message.link}"


def as_html(message: OutboxMessage) -> str:
    """The message in the look of the site; works without images and style sheets."""
    paragraphs = [part.split("\n") for part in message.body.split("\n\n")]
    context = {"message": message, "paragraphs": paragraphs}
    with override(message.language):
        return render_to_string("messaging/mail.html", context)


def sms_text(message: OutboxMessage) -> str:
    """The message as a text message: its subject and its link."""
    return f"{message.subject}. {message.link}".strip()
