"""Finding an account or a resident by an address or a number, for what is done next.

Nothing here is shown: who calls it acts on what it finds, and that act is logged.
"""

from __future__ import annotations

from people.models import Organisation, Resident, User


def account_by_address(*, address: str) -> User | None:
    """The account of an e-mail address that its owner has proven or must prove."""
    return User.objects.filter(email=address.strip().lower()).first()


def account_by_id(*, pk: int) -> User | None:
    """An account that may be used."""
    return User.objects.filter(pk=pk, is_active=True).first()


def organisation_by_id(*, pk: int) -> Organisation | None:
    """One organisation; no person data."""
    return Organisation.objects.filter(pk=pk).first()


def resident_by_address(*, address: str) -> Resident | None:
    """Who is reached at an address that was proven, and has no account yet."""
    return (
        Resident.objects.select_related("person")
        .filter(
            person__user=None,
            person__contact_channel="email",
            person__contact_address__iexact=address.strip(),
        )
        .order_by("pk")
        .first()
    )
