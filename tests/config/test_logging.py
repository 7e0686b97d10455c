"""A feed address in a log line would be a leaked password."""

import io
import logging
import logging.config

import pytest
from django.conf import settings

from config.logging import MaskTokens, mask

TOKEN = "kZ3vQ_x-Tn7mYb2LrE9cWg"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (f"GET /agenda/{TOKEN}/feed.ics 200", "GET /agenda/***/feed.ics 200"),
        (f"GET /agenda/{TOKEN}.ics", "GET /agenda/***.ics"),
        (f"https://gem.test/agenda/{TOKEN}", "https://gem.test/agenda/***"),
        ("GET /agenda/ 200", "GET /agenda/ 200"),
        ("GET /planning/2026-W49/ 200", "GET /planning/2026-W49/ 200"),
    ],
)
def test_token_is_masked_and_nothing_else(line: str, masked: str) -> None:
    assert mask(line) == masked


def lines(write: str) -> str:
    """What a logger with the filter writes, by message, argument or traceback."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(MaskTokens())
    logger = logging.getLogger(f"test.feed.{write}")
    logger.propagate = False
    logger.addHandler(handler)
    address = f"/agenda/{TOKEN}/"
    if write == "message":
        logger.warning(f"Not Found: {address}")  # noqa: G004 (that is the case)
    elif write == "argument":
        logger.warning("Not Found: %s", address)
    else:
        try:
            raise LookupError(address)
        except LookupError:
            logger.exception("Broken")
    return stream.getvalue()


@pytest.mark.parametrize("write", ["message", "argument", "traceback"])
def test_no_way_into_the_log_shows_the_token(write: str) -> None:
    written = lines(write)
    assert TOKEN not in written
    assert "/agenda/***" in written


def test_every_handler_of_the_settings_masks() -> None:
    handlers = settings.LOGGING["handlers"]
    assert handlers
    assert all("mask_tokens" in one["filters"] for one in handlers.values())
