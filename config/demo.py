"""Sign-in data of the demo region: on file for this machine's user alone.

`demo_region` writes the accounts with random passwords; here the staff among them
get a second factor, because staff cannot sign in without one.
"""

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

FILE_NAME = "demo-logins.json"


@dataclass(frozen=True)
class DemoLogin:
    """One demo account, as the file keeps it.

    `second_factor` is a TOTP secret (base32), `agenda` the path of its feed; both are
    empty where there is none.
    """

    email: str
    password: str
    role: str
    second_factor: str = ""
    agenda: str = ""


def logins_file() -> Path:
    return settings.VAR_DIR / FILE_NAME


def read_logins() -> list[DemoLogin]:
    """The demo accounts, in the order in which they were written; [] without file."""
    if not logins_file().exists():
        return []
    known = set(DemoLogin.__dataclass_fields__)
    rows = json.loads(logins_file().read_text(encoding="utf-8"))
    return [DemoLogin(**{k: v for k, v in row.items() if k in known}) for row in rows]


def write_logins(logins: list[DemoLogin]) -> None:
    """Replace the file in one step; only its owner may read it (mode 600)."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    fresh = logins_file().with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump([asdict(login) for login in logins], stream, indent=2)
    fresh.replace(logins_file())


def give_second_factors() -> list[DemoLogin]:
    """Give staff among the demo accounts a second factor; returns all logins."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.mfa.utils import is_mfa_enabled

    done = []
    for login in read_logins():
        user = get_user_model().objects.filter(email=login.email).first()
        if user and user.needs_two_factor and not is_mfa_enabled(user):
            secret = generate_totp_secret()
            TOTP.activate(user, secret)
            done.append(replace(login, second_factor=secret))
        else:
            done.append(login)
    write_logins(done)
    return done


def give_agenda() -> str:
    """Path of a demo facilitator's feed, made once; empty without such an account.

    It is kept on file, because an address can be shown only when it is made, and a
    new one would stop the calendar programs that follow the old one.
    """
    from audit.actor import Actor
    from publishing.services.feeds import make_address

    logins = read_logins()
    for number, login in enumerate(logins):
        if login.agenda:
            return login.agenda
        user = get_user_model().objects.filter(email=login.email).first()
        person = getattr(user, "person", None)
        if login.role == "facilitator" and person is not None:
            _row, token = make_address(
                actor=Actor.of(user), kind="facilitator", person_id=person.pk
            )
            path = reverse("publishing:feed", args=[token])
            logins[number] = replace(login, agenda=path)
            write_logins(logins)
            return path
    return ""


def current_code(login: DemoLogin) -> str:
    """The six digits that sign this account in now (RFC 6238), or nothing."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    if not login.second_factor:
        return ""
    # allauth's period is 30 seconds (MFA_TOTP_PERIOD), the norm of authenticator apps.
    return str(
        format_hotp_value(hotp_value(login.second_factor, int(time.time()) // 30))
    )
