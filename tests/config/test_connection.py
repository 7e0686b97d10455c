"""What the program asks of its database; run on the private and on a named server."""

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.utils import connector_params

pytestmark = pytest.mark.django_db


def test_server_is_a_supported_postgresql_on_the_named_address() -> None:
    assert connection.vendor == "postgresql"
    connection.ensure_connection()
    assert connection.pg_version >= 150000
    assert settings.DATABASES["default"]["ENGINE"] in {
        "config.database.embedded",
        "django.db.backends.postgresql",
    }


def test_overlapping_ranges_are_refused_by_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE use (room bigint, during tstzrange,"
            " EXCLUDE USING gist (room WITH =, during WITH &&))"
        )
        insert = "INSERT INTO use VALUES (%s, tstzrange(%s, %s))"
        cursor.execute(insert, [1, "2026-12-01 10:00Z", "2026-12-01 12:00Z"])
        cursor.execute(insert, [1, "2026-12-01 12:00Z", "2026-12-01 13:00Z"])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(insert, [1, "2026-12-01 11:45Z", "2026-12-01 12:15Z"])


def test_workers_reach_the_same_database() -> None:
    with psycopg.connect(**connector_params()) as other:
        found = other.execute("SELECT current_database()").fetchone()
    assert found == (connection.settings_dict["NAME"],)
