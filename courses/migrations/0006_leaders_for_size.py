"""A larger group may need another leader: no new seat before that leader is there."""

from django.db import migrations

# How large a group may grow with the leaders it has; NULL when its size asks for no
# more of them. Only needs above the smallest group count: who leads a group at all is
# for the coordinator. Two questions per need: are there enough who can fill it, and
# are there enough leaders for all needs up to that size.
STAFFED = """
CREATE FUNCTION courses_staffed_size(wanted uuid) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT min(n.from_size)::integer - 1
    FROM courses_series s
    JOIN courses_offering o ON o.id = s.offering_id
    JOIN courses_offeringstaffneed n ON n.offering_id = o.id
        AND n.from_size > greatest(coalesce(s.size_min, o.size_min), 1)
    WHERE s.id = wanted AND (
        (SELECT count(*) FROM courses_seriesleader l
            JOIN people_facilitator f ON f.id = l.facilitator_id
            WHERE l.series_id = s.id AND f.staff_roles::text[] && n.roles::text[]
            AND (n.qualification_id IS NULL OR EXISTS (
                SELECT 1 FROM people_certificate c WHERE c.facilitator_id = f.id
                AND c.qualification_id = n.qualification_id
            ))
        ) < n.count
        OR (SELECT count(*) FROM courses_seriesleader l WHERE l.series_id = s.id) < (
            SELECT sum(m.count) FROM courses_offeringstaffneed m
            WHERE m.offering_id = o.id AND m.from_size <= n.from_size
        )
    )
$$;
"""

STAFFED_BACK = "DROP FUNCTION courses_staffed_size(uuid);"

# Beside the sums of 0002: a seat that is given out now (not one that changes hands
# between offered and enrolled) finds the leaders its group needs. A draft's seats wait
# for the release, which brings the leaders along.
SEATS = """
CREATE OR REPLACE FUNCTION courses_refuse_overbooking() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    there_are integer;
    taken integer;
    staffed integer;
BEGIN
    PERFORM 1 FROM courses_series WHERE id = NEW.series_id FOR NO KEY UPDATE;
    SELECT least(
            coalesce(s.size_max, o.size_max) + o.over_enrolment,
            r.capacity - (
                SELECT count(*) FROM courses_seriesleader l WHERE l.series_id = s.id
            )
        ),
        CASE WHEN s.state IN ('published', 'running')
            THEN courses_staffed_size(s.id) END
        INTO there_are, staffed
        FROM courses_series s JOIN courses_offering o ON o.id = s.offering_id
        LEFT JOIN rooms_room r ON r.id = s.room_id
        WHERE s.id = NEW.series_id;
    SELECT coalesce(sum(seats), 0) INTO taken FROM courses_enrolment
        WHERE series_id = NEW.series_id
        AND state IN ('held_by_draft', 'offered', 'enrolled');
    IF taken > there_are THEN
        RAISE EXCEPTION 'series % has % seats, % are asked',
            NEW.series_id, there_are, taken
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'courses_enrolment_seat_free';
    END IF;
    IF staffed IS NULL OR NEW.state = 'held_by_draft' OR (
        TG_OP = 'UPDATE' AND OLD.state IN ('offered', 'enrolled')
        AND OLD.series_id = NEW.series_id AND OLD.seats >= NEW.seats
    ) THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(seats), 0) INTO taken FROM courses_enrolment
        WHERE series_id = NEW.series_id AND state IN ('offered', 'enrolled');
    IF taken > staffed THEN
        RAISE EXCEPTION 'series % has leaders for %, % are asked',
            NEW.series_id, staffed, taken
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'courses_enrolment_seat_free';
    END IF;
    RETURN NULL;
END $$;
"""

SEATS_BACK = """
CREATE OR REPLACE FUNCTION courses_refuse_overbooking() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    there_are integer;
    taken integer;
BEGIN
    PERFORM 1 FROM courses_series WHERE id = NEW.series_id FOR NO KEY UPDATE;
    SELECT least(
            coalesce(s.size_max, o.size_max) + o.over_enrolment,
            r.capacity - (
                SELECT count(*) FROM courses_seriesleader l WHERE l.series_id = s.id
            )
        ) INTO there_are
        FROM courses_series s JOIN courses_offering o ON o.id = s.offering_id
        LEFT JOIN rooms_room r ON r.id = s.room_id
        WHERE s.id = NEW.series_id;
    SELECT coalesce(sum(seats), 0) INTO taken FROM courses_enrolment
        WHERE series_id = NEW.series_id
        AND state IN ('held_by_draft', 'offered', 'enrolled');
    IF taken > there_are THEN
        RAISE EXCEPTION 'series % has % seats, % are asked',
            NEW.series_id, there_are, taken
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'courses_enrolment_seat_free';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_coming"), ("people", "0002_reference")]

    operations = [
        migrations.RunSQL(STAFFED, STAFFED_BACK),
        migrations.RunSQL(SEATS, SEATS_BACK),
    ]
