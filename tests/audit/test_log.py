"""The access log: one line per act, never changed, never taken away."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.test import Client

from audit.actor import Actor, current_scene, scene
from audit.models import AuditEvent
from audit.record import record_event, record_read
from audit.selectors import events_about
from people.enums import Role
from tests.factories import OrganisationFactory, UserFactory, amsterdam
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def line(actor, **more) -> AuditEvent:
    return record_read(actor=actor, **{"subjects": [1], "purpose": "care", **more})


@pytest.mark.parametrize(
    "act",
    [
        lambda rows: rows.update(actor_id="somebody else"),
        lambda rows: rows.delete(),
        lambda rows: rows.first().save(),
        lambda rows: rows.first().delete(),
    ],
)
def test_database_refuses_to_change_or_delete_a_line(actor, act) -> None:
    line(actor)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act(AuditEvent.objects.all())
    assert AuditEvent.objects.get().actor_id == "7"


def test_a_line_may_go_once_it_is_five_years_old(actor) -> None:
    young = line(actor)
    old = AuditEvent.objects.create(
        event_code="x",
        action="R",
        actor_id="7",
        purpose="care",
        at=young.at - timedelta(days=5 * 366),
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        old.save()
    AuditEvent.objects.filter(at__lte=old.at).delete()
    assert AuditEvent.objects.get() == young


@pytest.mark.parametrize("number", [1, 500])
def test_a_list_of_persons_is_one_insert(
    actor, number: int, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        event = line(actor, subjects=[*range(number), 0])
    event.refresh_from_db()
    assert event.subject_ids == [str(pk) for pk in range(number)]


def test_a_line_holds_what_the_norm_asks(actor) -> None:
    with scene("courses:week") as here:
        event = record_event(
            actor=Actor(
                user_id="7",
                role="client_supporter",
                organisation="brug",
                responsible_id="9",
                responsible_role="coordinator",
            ),
            code="person.read",
            action="R",
            purpose="care",
            subjects=[3],
            object_kind="person",
            object_id=3,
            emergency=True,
        )
    event.refresh_from_db()
    assert (event.actor_id, event.actor_role) == ("7", "client_supporter")
    assert (event.responsible_id, event.responsible_role) == ("9", "coordinator")
    assert (event.object_kind, event.object_id) == ("person", "3")
    assert (event.where, event.trace_id) == ("courses:week", here.trace_id)
    assert (event.result, event.emergency) == ("success", True)
    assert event.at.tzinfo is not None


def test_who_acts_alone_answers_for_it(actor) -> None:
    assert line(actor).responsible_id == "7"


def test_a_purpose_and_a_known_action_are_asked(actor) -> None:
    with pytest.raises(ValueError, match="purpose"):
        line(actor, purpose="")
    with pytest.raises(ValueError, match="X"):
        record_event(actor=actor, code="x", action="X", purpose="care")
    with refused_by("audit_event_action_known"):
        AuditEvent.objects.bulk_create(
            [AuditEvent(event_code="x", action="X", actor_id="7", purpose="care")]
        )


def test_actor_of_an_account_holds_roles_and_codes_but_no_address() -> None:
    user = UserFactory(role=Role.COORDINATOR, organisation=OrganisationFactory())
    actor = Actor.of(user)
    assert (actor.user_id, actor.role) == (str(user.pk), "coordinator")
    assert actor.organisation == user.memberships.get().organisation.code
    assert user.email not in str(actor)


def test_actors_without_an_account() -> None:
    assert Actor.of(AnonymousUser()).user_id == "anonymous"
    assert Actor.system("plan_week").role == "plan_week"
    assert Actor.feed(12).user_id == "feed:12"


def test_every_request_has_its_own_trace_and_names_the_view_not_the_address() -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    from audit.middleware import SceneMiddleware

    seen = []
    middleware = SceneMiddleware(
        lambda _request: seen.append(current_scene()) or HttpResponse()
    )
    for path in ("/accounts/login/", "/accounts/login/", "/nothing/12345/"):
        middleware(RequestFactory().get(path))
    assert [one.where for one in seen] == [
        "account_login",
        "account_login",
        "unknown view",
    ]
    assert len({one.trace_id for one in seen}) == 3
    assert current_scene().where == ""


def test_the_middleware_is_in_use() -> None:
    from django.conf import settings

    assert "audit.middleware.SceneMiddleware" in settings.MIDDLEWARE
    assert Client().get("/accounts/login/").status_code == 200


def test_who_looked_is_answered_newest_first_and_logged_itself(actor) -> None:
    line(actor, subjects=[1, 2])
    line(actor, subjects=[12])
    second = line(actor, subjects=[1])
    found = list(events_about(actor=actor, person_id=1))
    assert [event.event_code for event in found] == [
        "log.read",
        "person.read",
        "person.read",
    ]
    assert found[1] == second


def test_who_looked_in_a_period(actor) -> None:
    line(actor)
    old = AuditEvent.objects.create(
        event_code="x",
        action="R",
        actor_id="7",
        purpose="care",
        subject_ids=["1"],
        at=amsterdam("2026-01-01 10:00"),
    )
    found = events_about(
        actor=actor,
        person_id=1,
        since=amsterdam("2026-01-01 10:00"),
        until=amsterdam("2026-01-02 00:00"),
    )
    assert list(found) == [old]
    assert not events_about(
        actor=actor, person_id=1, until=amsterdam("2026-01-01 10:00")
    ).exists()
