"""What is said to be proven of a way to mend: of how much changes, not of who gains."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from scheduling.models import RepairAlternative
from scheduling.solver.repair.order import REPAIR
from tests.scheduling.views.test_other_draft import a_repair

pytestmark = pytest.mark.django_db

WEEK = "proven: no smaller change of the week exists"
SESSIONS = "proven: no way in the whole week loses or changes fewer sessions"
GROUPS = "proven: no smaller change of these groups exists"


def test_each_proof_has_its_own_words(signed_in: Client) -> None:
    """New seats and who steps in are proven for the freed part alone as soon as
    somebody waits; that takes nothing from what is proven of the changes."""
    cases = {
        "whole whole whole whole whole part part": WEEK,
        "whole whole whole part part part not": SESSIONS,
        "whole whole not not not not not": SESSIONS,
        "whole part part part part not not": GROUPS,
        "part part part part part part part": GROUPS,
        "whole part part part not not not": "",
        "not not not not not not not": "",
    }
    repair = a_repair()
    way = RepairAlternative.objects.get(repair=repair)
    for scopes, words in cases.items():
        way.proofs = [
            {"wish": wish.id, "value": 0, "bound": 0, "proven": scope}
            for wish, scope in zip(REPAIR, scopes.split(), strict=True)
        ]
        way.save()
        answer = signed_in.get(reverse("scheduling:repair", args=[repair.pk]))
        with override("nl"):
            assert answer.context["ways"][0]["least"] == (words and gettext(words))
