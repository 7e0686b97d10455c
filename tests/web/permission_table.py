"""Who may open which page: every URL name, every role, and the answer they get.

`tests/web/test_permissions.py` walks the resolver: a page that is not in `ROWS` fails
there, and so does a row without a page. Add a page by adding its row. The rows run
from top to bottom for each account in a world of its own, so those that change
something come after those that look.

Answers: 200 a page, 302 to signing in (or elsewhere, after an act), 403 refused
because of the role, 404 not there for this account, 405 not by this method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from people.enums import Role

ANONYMOUS = "anonymous"
OTHER_RESIDENT = "another resident"
OTHER_MANAGER = "manager of another centre"
ACCOUNTS = (ANONYMOUS, *(role.value for role in Role), OTHER_RESIDENT, OTHER_MANAGER)
PLANNERS = (Role.COORDINATOR.value, Role.FUNCTIONAL_ADMINISTRATOR.value)
RESIDENT = Role.RESIDENT.value
RESIDENTS = (RESIDENT, OTHER_RESIDENT)
LEADER = Role.FACILITATOR.value
MANAGER = Role.CENTRE_MANAGER.value
MANAGERS = (MANAGER, OTHER_MANAGER)


@dataclass(frozen=True)
class Row:
    """One page asked in one way; `answers` by account, others get `otherwise`.

    `args` are names of things in the test's world (see test_permissions.World), and
    so are the values of `data`.
    """

    name: str
    answers: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 404
    anonymous: int = 302
    args: tuple[str, ...] = ()
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)

    def expected(self, account: str) -> int:
        """The answer this account gets."""
        if account in self.answers:
            return self.answers[account]
        return self.anonymous if account == ANONYMOUS else self.otherwise


def everyone(name: str, *args: str, answer: int = 200, **more: Any) -> Row:
    """A page that is the same for all."""
    return Row(name, otherwise=answer, anonymous=answer, args=args, **more)


def only(accounts: tuple[str, ...], name: str, *args: str, **more: Any) -> Row:
    """A page for some; a visitor may sign in, others do not find it."""
    answer = more.pop("answer", 200)
    return Row(name, dict.fromkeys(accounts, answer), args=args, **more)


def planners(name: str, *args: str, **more: Any) -> Row:
    """A page of the coordinator; others are told that it is not for them."""
    return only(PLANNERS, name, *args, otherwise=403, **more)


def posted(name: str, *args: str) -> Row:
    """A page that only takes presses: looking at it is no use to anybody."""
    return everyone(name, *args, answer=405)


STAFF_HOME = {
    Role.COORDINATOR.value: 302,
    Role.FUNCTIONAL_ADMINISTRATOR.value: 302,
    LEADER: 302,
    MANAGER: 302,
    OTHER_MANAGER: 302,
}
WORDS = [
    everyone("about"),
    everyone("accessibility"),
    everyone("set_language", answer=302),
    Row("home", STAFF_HOME, otherwise=200, anonymous=200),
]
OFFER = [
    everyone("courses:catalogue"),
    everyone("courses:offering", "offering"),
    everyone("courses:join", "open_series"),
    posted("courses:ask", "offering"),
    only(RESIDENTS, "courses:ask", "offering", method="post", answer=302),
    only(RESIDENTS, "courses:join", "open_series", method="post", answer=302),
    only(RESIDENTS, "courses:joined", "open_series"),
]
OWN = [
    only(RESIDENTS, "courses:mine"),
    only((RESIDENT,), "courses:leave", "seat"),
    only((RESIDENT,), "courses:stop_waiting", "waiting"),
    posted("courses:accept", "offer"),
    only((RESIDENT,), "courses:accept", "offer", method="post", answer=302),
    only((RESIDENT,), "courses:leave", "seat", method="post", answer=302),
    only((RESIDENT,), "courses:stop_waiting", "waiting", method="post", answer=302),
    only((*RESIDENTS, LEADER), "people:looked"),
    only(RESIDENTS, "publishing:resident_address"),
    only(RESIDENTS, "publishing:resident_address", method="post", answer=302),
]
AGENDAS = [
    everyone("publishing:feed", "token"),
    only((LEADER,), "publishing:my_agenda"),
    only((LEADER,), "publishing:facilitator_address"),
    only((LEADER,), "publishing:facilitator_address", method="post", answer=302),
    only(MANAGERS, "publishing:centres", answer=302),
    only((MANAGER,), "publishing:centre_agenda", "centre"),
    only((MANAGER,), "publishing:centre_addresses", "centre"),
    only((MANAGER,), "publishing:centre_addresses", "centre", method="post",
         data={"owner": "centre", "act": "stop"}, answer=302),
]  # fmt: skip
PLANNING = [
    planners("scheduling:week"),
    planners("scheduling:session", "session"),
    planners("scheduling:draft-session", "draft", "drafted"),
    planners("scheduling:run-new"),
    planners("scheduling:run", "run"),
    posted("scheduling:run-stop", "run"),
    planners("scheduling:run-stop", "run", method="post", answer=302),
    planners("scheduling:left-out", "draft"),
    planners("scheduling:waiting"),
    planners("scheduling:rooms"),
    planners("scheduling:leaders"),
    planners("publishing:releases"),
    planners("publishing:released", "release"),
    planners("publishing:release", "draft"),
    posted("publishing:drop", "draft"),
    planners("publishing:drop", "draft", method="post", answer=302),
]
# The accounts of the test have no password and no second factor: pages that ask for
# those again refuse (403), pages that show a factor are not there (404).
ACCOUNT_PAGES = [
    Row("account_login", otherwise=302, anonymous=200),
    Row("account_logout", otherwise=200, anonymous=302),
    everyone("account_inactive"),
    Row("account_signup", otherwise=302, anonymous=200),
    Row("account_reauthenticate", otherwise=403),
    Row("account_email", otherwise=200),
    everyone("account_email_verification_sent"),
    Row("account_change_password", otherwise=302),
    Row("account_set_password", otherwise=200),
    everyone("account_reset_password"),
    Row("account_confirm_login_code", otherwise=302),
    everyone("account_confirm_email", "key"),
    everyone("account_reset_password_from_key_done"),
    everyone("account_reset_password_from_key", "uid", "key"),
    everyone("account_reset_password_done"),
    Row("mfa_index", otherwise=200),
    Row("mfa_authenticate", otherwise=302),
    Row("mfa_reauthenticate", otherwise=403),
    Row("mfa_activate_totp", otherwise=200),
    Row("mfa_deactivate_totp", otherwise=404),
    Row("mfa_view_recovery_codes", otherwise=404),
    Row("mfa_generate_recovery_codes", otherwise=200),
    Row("mfa_download_recovery_codes", otherwise=404),
    Row("mfa_list_webauthn", otherwise=200),
    Row("mfa_add_webauthn", otherwise=200),
    Row("mfa_reauthenticate_webauthn", otherwise=403),
    Row("mfa_remove_webauthn", otherwise=404, args=("one",)),
    Row("mfa_edit_webauthn", otherwise=404, args=("one",)),
]

# --- Administration: who looks (1) and who changes (2), by table ---------------------
ADMINISTRATOR = Role.FUNCTIONAL_ADMINISTRATOR.value
COORDINATOR = Role.COORDINATOR.value
OFFICER = Role.PRIVACY_OFFICER.value
# These accounts may use the administration pages at all.
DESK = (COORDINATOR, ADMINISTRATOR, OFFICER, MANAGER, OTHER_MANAGER)
LOOK, CHANGE = 1, 2
ELSEWHERE = 3
"""Changes rows of the own organisation, while the row asked for is another's."""
SHARED = {COORDINATOR: LOOK, ADMINISTRATOR: CHANGE}
COORDINATED = {COORDINATOR: CHANGE}
LOOKED_AT = {COORDINATOR: LOOK}
PLANNED = {COORDINATOR: LOOK, ADMINISTRATOR: LOOK}
HOUSES = {
    COORDINATOR: LOOK,
    ADMINISTRATOR: CHANGE,
    MANAGER: CHANGE,
    OTHER_MANAGER: ELSEWHERE,
}
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
ROWS: list[Row] = [
    *WORDS,
    *OFFER,
    *OWN,
    *AGENDAS,
    *PLANNING,
    *ACCOUNT_PAGES,
    *ADMIN_FRAME,
    *(row for table, rights in ADMIN.items() for row in admin_rows(table, rights)),
]
UNNAMED = {"admin:app_list": "one part of the first page of the administration"}
"""Named pages that are left out, and why."""
