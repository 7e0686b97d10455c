"""A line of the access log may go once it is five years old, and no day sooner.

NEN 7513 asks to keep the log for five years, and the GDPR to keep nothing for ever.
The database itself keeps counting: no program can take a younger line away.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER audit_append_only ON audit_auditevent;
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE FUNCTION audit_refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - interval '5 years' THEN
        RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_five_years BEFORE DELETE ON audit_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_young();
"""

BACKWARD = """
DROP TRIGGER audit_five_years ON audit_auditevent;
DROP FUNCTION audit_refuse_young();
DROP TRIGGER audit_append_only ON audit_auditevent;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
