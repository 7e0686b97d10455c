"""Migrations go both ways, and say what the models say."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

TRIGGERS = {
    "audit_append_only",
    "courses_session_leader_copies",
    "courses_enrolment_copies",
    "courses_enrolment_seat_free",
}


def tables_and_triggers() -> tuple[set[str], set[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        triggers = {name for (name,) in cursor.fetchall()}
    return set(connection.introspection.table_names()), triggers


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_every_table_of_facts_can_be_taken_away_and_made_again() -> None:
    before, triggers = tables_and_triggers()
    assert triggers >= TRIGGERS
    try:
        for app in ("people", "audit"):  # all others stand on these two
            call_command("migrate", app, "zero", verbosity=0)
        left, triggers_left = tables_and_triggers()
        ours = ("audit_", "people_", "rooms_", "courses_", "intake_", "messaging_")
        assert [name for name in left if name.startswith(ours)] == []
        assert not triggers_left & TRIGGERS
    finally:
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()
    after, triggers_after = tables_and_triggers()
    assert after == before
    assert triggers_after >= TRIGGERS
