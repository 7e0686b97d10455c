"""Who may open which page: every URL name, every role, and the answer they get.

`tests/web/test_permissions.py` walks the resolver: a page that is not in `ROWS` fails
there, and so does a row without a page. Add a page by adding its row to a module of
`tests/web/permission_parts`. The rows run from top to bottom for each account in a
world of its own, so those that change something come after those that look.

Answers: 200 a page, 302 to signing in (or elsewhere, after an act), 403 refused
because of the role, 404 not there for this account, 405 not by this method.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.permission_parts import parts
from tests.web.permission_row import (
    ADMINISTRATOR,
    CHANGE,
    COORDINATED,
    DESK,
    ELSEWHERE,
    HOUSES,
    LOOK,
    LOOKED_AT,
    MANAGER,
    OFFICER,
    OTHER_MANAGER,
    PLANNED,
    SHARED,
    Row,
)

PARTS = parts()

# --- Administration: who looks (1) and who changes (2), by table ---------------------
ADMIN: dict[str, dict[str, int]] = {
    "auth_group": {},
    "account_emailaddress": {},
    "mfa_authenticator": {},
    "axes_accessattempt": {},
    "axes_accesslog": {},
    "axes_accessfailurelog": {},
    "procrastinate_procrastinatejob": {},
    "audit_auditevent": {OFFICER: LOOK},
    "people_user": {ADMINISTRATOR: CHANGE},
    "people_organisation": SHARED,
    "people_municipality": SHARED,
    "people_place": SHARED,
    "people_qualification": SHARED,
    "people_person": COORDINATED,
    "people_resident": COORDINATED,
    "people_relative": COORDINATED,
    "people_facilitator": COORDINATED,
    "people_keeppair": COORDINATED,
    "rooms_centre": HOUSES,
    "rooms_room": HOUSES,
    "rooms_roombooking": HOUSES,
    "rooms_roomfeature": {**HOUSES, MANAGER: LOOK, OTHER_MANAGER: LOOK},
    "rooms_traveltime": COORDINATED,
    "messaging_outboxmessage": LOOKED_AT,
    "courses_theme": SHARED,
    "courses_reasoncode": SHARED,
    "courses_offering": COORDINATED,
    "courses_series": COORDINATED,
    "courses_session": LOOKED_AT,
    "courses_registration": COORDINATED,
    "courses_enrolment": LOOKED_AT,
    "intake_referral": LOOKED_AT,
    "intake_consultation": COORDINATED,
    "scheduling_planningrun": PLANNED,
    "scheduling_schedule": PLANNED,
    "scheduling_acceptedviolation": PLANNED,
    "scheduling_scheduledseat": LOOKED_AT,
    "scheduling_leftout": LOOKED_AT,
    "scheduling_seatpin": COORDINATED,
    "scheduling_seriespin": COORDINATED,
    "publishing_release": PLANNED,
    "publishing_feedtoken": {ADMINISTRATOR: LOOK},
}


STAYS = frozenset({"courses_series"})
"""A published series is stopped by the program's own pages, never deleted."""


def admin_rows(table: str, rights: Mapping[str, int]) -> list[Row]:
    """The five pages of one table; who has no desk is sent to the sign-in there.

    A row that an account may not see is one that is not there: 302 to the first page.
    """

    def row(view: str, least: int, *args: str, refused: int = 403) -> Row:
        answers = {}
        for account in DESK:
            right = rights.get(account, 0)
            answers[account] = 200 if right >= least else refused
            if right == ELSEWHERE and args:
                answers[account] = 302
        return Row(f"admin:{table}_{view}", answers, otherwise=302, args=args)

    never = ELSEWHERE + 1
    return [
        row("changelist", LOOK),
        row("add", CHANGE),
        row("history", LOOK, table, refused=302),
        row("change", LOOK, table),
        row("delete", never if table in STAYS else CHANGE, table),
    ]


ADMIN_FRAME = [
    Row("admin:index", dict.fromkeys(DESK, 200), otherwise=302),
    Row("admin:login", dict.fromkeys(DESK, 302), otherwise=200, anonymous=200),
    Row("admin:logout", dict.fromkeys(DESK, 405), otherwise=302),
    Row("admin:password_change", dict.fromkeys(DESK, 200), otherwise=302),
    Row("admin:password_change_done", dict.fromkeys(DESK, 200), otherwise=302),
    Row("admin:autocomplete", dict.fromkeys(DESK, 403), otherwise=302),
    Row("admin:jsi18n", dict.fromkeys(DESK, 200), otherwise=302),
    Row("admin:view_on_site", dict.fromkeys(DESK, 404), otherwise=302,
        args=("one", "one")),
]  # fmt: skip
for part in PARTS:
    ADMIN |= getattr(part, "ADMIN", {})
ROWS: list[Row] = [
    *(row for part in PARTS for row in getattr(part, "ROWS", [])),
    *ADMIN_FRAME,
    *(row for table, rights in ADMIN.items() for row in admin_rows(table, rights)),
]
UNNAMED = {"admin:app_list": "one part of the first page of the administration"}
"""Named pages that are left out, and why."""
