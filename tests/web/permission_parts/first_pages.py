"""The pages of offer, own appointments, agendas, planning and accounts."""

from people.enums import Role
from tests.web.permission_row import (
    LEADER,
    MANAGER,
    MANAGERS,
    OTHER_MANAGER,
    RESIDENT,
    RESIDENTS,
    Row,
    everyone,
    only,
    planners,
    posted,
)

STAFF_HOME = {
    Role.COORDINATOR.value: 302,
    Role.FUNCTIONAL_ADMINISTRATOR.value: 302,
    LEADER: 302,
    MANAGER: 302,
    OTHER_MANAGER: 302,
    Role.REFERRER.value: 302,
    Role.CLIENT_SUPPORTER.value: 302,
    Role.PRIVACY_OFFICER.value: 302,
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
    # A draft is looked at again before it is thrown away.
    posted("publishing:look_again", "draft"),
    planners("publishing:look_again", "draft", method="post", answer=409),
    posted("publishing:drop", "draft"),
    planners(
        "publishing:drop", "draft", method="post", data={"version": "0"}, answer=302
    ),
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

ROWS = [*WORDS, *OFFER, *OWN, *AGENDAS, *PLANNING, *ACCOUNT_PAGES]
