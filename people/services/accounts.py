"""Finding an account or a resident by an address or a number, for what is done next.

Nothing here is shown: who calls it acts on what it finds, and that act is logged. An
address that was proven is written here too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.record import ADMINISTRATION, record_event
from audit.rows import save_checked
from people.models import Organisation, Person, Resident, User

if TYPE_CHECKING:
    from audit.actor import Actor


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
    """Who is reached at an address that was proven, and has no account yet.

    Nobody when several are: the address of a family proves that one of them reads
    along, not which.
    """
    found = Resident.objects.select_related("person").filter(
        person__user=None,
        person__contact_channel="email",
        person__contact_address__iexact=address.strip(),
    )[:2]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def change_account_address(*, actor: Actor, user: User, address: str) -> User:
    """Let an account sign in with another address, which its owner has proven.

    Raises
    ------
    django.core.exceptions.ValidationError
        When another account has the address.
    """
    from allauth.account.models import EmailAddress  # needs loaded models

    user.email = address.strip().lower()
    save_checked(user)
    EmailAddress.objects.filter(user=user).delete()  # the old one opens nothing more
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    record_event(
        actor=actor,
        code="account.address",
        action="U",
        purpose=ADMINISTRATION,
        subjects=Person.objects.filter(user=user).values_list("pk", flat=True),
        object_kind="account",
        object_id=user.pk,
    )
    return user
