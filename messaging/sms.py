"""Text messages behind an adapter: a region names its own service in SMS_BACKEND.

A backend is a class without arguments with one method, ``send(number=, text=,
reference=)``. `reference` stays the same when a message is tried again, for services
that refuse a message they already have. The one that comes with GEM writes to a file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone


class SmsRefused(Exception):
    """The service certainly did not take it; `final` when trying again is no use.

    Any other exception means that nobody can say whether it went.
    """

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.final = final


class SmsBackend(Protocol):
    """What a region's own service looks like to GEM."""

    def send(self, *, number: str, text: str, reference: str) -> None:
        """Hand over one text message, or raise `SmsRefused`."""


class FileBackend:
    """Writes each text message as one line of JSON under SMS_FOLDER; sends nothing."""

    def send(self, *, number: str, text: str, reference: str) -> None:
        """Add the message to the file of today."""
        folder = Path(settings.SMS_FOLDER)
        line = {"number": number, "text": text, "reference": reference}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with (folder / f"{timezone.localdate()}.jsonl").open("a") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as fault:
            raise SmsRefused(type(fault).__name__) from fault
