"""Every message speaks with one voice: u or je, and a subject that says neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django.utils.translation import override

from messaging.wording import Wording

APPS = ("courses", "intake", "publishing", "scheduling")
SAYS_U = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
SAYS_JE = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)


def wordings() -> Iterator[tuple[str, Wording]]:
    """Every message that a service may write, by the name it has there."""
    for app in APPS:
        services = import_module(f"{app}.services")
        for found in walk_packages(services.__path__, f"{services.__name__}."):
            for name, thing in vars(import_module(found.name)).items():
                if isinstance(thing, Wording):
                    yield f"{found.name}.{name}", thing


WORDINGS = {id(one): pytest.param(one, id=name) for name, one in wordings()}


@pytest.mark.parametrize("wording", WORDINGS.values())
def test_a_message_says_u_or_je_and_never_both(wording: Wording) -> None:
    """Subject and button are the same for both, so they say neither."""
    with override("nl"):
        for words in (wording.subject, wording.link_words):
            assert not SAYS_U.search(str(words))
            assert not SAYS_JE.search(str(words))
        assert not SAYS_JE.search(str(wording.formal))
        # Who is not known is told "u", whatever the organisation says.
        if str(wording.informal) != str(wording.formal):
            assert not SAYS_U.search(str(wording.informal))


def test_all_messages_are_looked_at() -> None:
    assert len(WORDINGS) > 25
