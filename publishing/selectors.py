"""The reads of publishing: which addresses an agenda has. No token is ever read."""

from __future__ import annotations

from collections.abc import Iterable

from publishing.models import FeedKind, FeedToken


def address_of_person(*, kind: FeedKind, person_id: int) -> FeedToken | None:
    """The address in use of a person's agenda, as leader or as resident."""
    return FeedToken.objects.filter(
        kind=kind, person=person_id, revoked_at__isnull=True
    ).first()


def address_of_centre(*, centre_id: int) -> FeedToken | None:
    """The address in use of a centre's agenda."""
    return FeedToken.objects.filter(centre=centre_id, revoked_at__isnull=True).first()


def addresses_of_rooms(*, room_ids: Iterable[int]) -> dict[int, FeedToken]:
    """The addresses in use of rooms' agendas, by room id; one query."""
    found = FeedToken.objects.filter(room__in=list(room_ids), revoked_at__isnull=True)
    return {token.room_id: token for token in found if token.room_id is not None}
