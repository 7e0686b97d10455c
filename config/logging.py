"""Keeps the secret part of a feed address out of every log line.

Whoever holds a feed address may read an agenda, so an address in a log file is a
leaked password. So are links by mail to choose a time: /afspraak/<token>/.
"""

import logging
import re

_TOKEN = re.compile(r"(/(?:agenda|afspraak|aanmelding)/)[A-Za-z0-9_\-]{8,}")
MASK = r"\1***"


def mask(text: str) -> str:
    """`text` with the token of every secret path replaced by ***."""
    return _TOKEN.sub(MASK, text)


class MaskTokens(logging.Filter):
    """Masks feed tokens in messages, arguments and tracebacks; drops no record."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = mask(trace)
        return True
