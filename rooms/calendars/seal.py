"""Addresses of agendas at rest: encrypted, because whoever has one can read it."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from rooms.calendars.faults import Unreadable


def _fernet() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"agenda address")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))


def seal(address: str) -> str:
    """The address as it is kept; a copy of the database alone does not open it."""
    return _fernet().encrypt(address.encode()).decode()


def unseal(sealed: str) -> str:
    """The address itself. `Unreadable("address")` when SECRET_KEY was changed."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("address") from error
