"""Rules that need a trigger: equal copies, and never more seats than there are."""

from django.db import migrations

SESSION_COPY = """
ALTER TABLE courses_session
    ADD CONSTRAINT courses_session_copied UNIQUE (id, period, state);
ALTER TABLE courses_sessionleader
    ADD CONSTRAINT courses_session_leader_copy
    FOREIGN KEY (session_id, period, state)
    REFERENCES courses_session (id, period, state)
    ON UPDATE CASCADE ON DELETE CASCADE;
CREATE FUNCTION courses_copy_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT period, state INTO NEW.period, NEW.state
        FROM courses_session WHERE id = NEW.session_id;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_session_leader_copies
    BEFORE INSERT OR UPDATE ON courses_sessionleader
    FOR EACH ROW EXECUTE FUNCTION courses_copy_session();
"""

SESSION_COPY_BACK = """
DROP TRIGGER courses_session_leader_copies ON courses_sessionleader;
DROP FUNCTION courses_copy_session();
ALTER TABLE courses_sessionleader DROP CONSTRAINT courses_session_leader_copy;
ALTER TABLE courses_session DROP CONSTRAINT courses_session_copied;
"""

RESIDENT_COPY = """
ALTER TABLE courses_enrolment
    ADD CONSTRAINT courses_enrolment_resident_copy
    FOREIGN KEY (registration_id, resident_id)
    REFERENCES courses_registration (id, resident_id)
    ON UPDATE CASCADE ON DELETE CASCADE;
CREATE FUNCTION courses_copy_resident() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT resident_id INTO NEW.resident_id
        FROM courses_registration WHERE id = NEW.registration_id;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_enrolment_copies
    BEFORE INSERT OR UPDATE ON courses_enrolment
    FOR EACH ROW EXECUTE FUNCTION courses_copy_resident();
"""

RESIDENT_COPY_BACK = """
DROP TRIGGER courses_enrolment_copies ON courses_enrolment;
DROP FUNCTION courses_copy_resident();
ALTER TABLE courses_enrolment DROP CONSTRAINT courses_enrolment_resident_copy;
"""

# The row of the series is locked before counting, so that two people who press at
# once are counted one after the other. The room holds the leaders too (LEAST skips
# the NULL of a series without a room). Deferrable: a release may swap seats.
SEATS = """
CREATE FUNCTION courses_refuse_overbooking() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER courses_enrolment_seat_free
    AFTER INSERT OR UPDATE OF state, seats, series_id ON courses_enrolment
    DEFERRABLE INITIALLY IMMEDIATE
    FOR EACH ROW WHEN (NEW.state IN ('held_by_draft', 'offered', 'enrolled'))
    EXECUTE FUNCTION courses_refuse_overbooking();
"""

SEATS_BACK = """
DROP TRIGGER courses_enrolment_seat_free ON courses_enrolment;
DROP FUNCTION courses_refuse_overbooking();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial"), ("rooms", "0001_initial")]

    operations = [
        migrations.RunSQL(SESSION_COPY, SESSION_COPY_BACK),
        migrations.RunSQL(RESIDENT_COPY, RESIDENT_COPY_BACK),
        migrations.RunSQL(SEATS, SEATS_BACK),
    ]
