"""The database itself refuses to change or delete audit rows; only an event's seal may be set, once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_auditevent' THEN
                    IF OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
                       AND to_jsonb(NEW) - 'seal_id' = to_jsonb(OLD) - 'seal_id' THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_auditevent
                FOR EACH ROW EXECUTE FUNCTION audit_refuse();
            CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_auditevent
                FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
            CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_auditseal
                FOR EACH ROW EXECUTE FUNCTION audit_refuse();
            """,
            """
            DROP TRIGGER audit_event_append_only ON audit_auditevent;
            DROP TRIGGER audit_event_no_truncate ON audit_auditevent;
            DROP TRIGGER audit_seal_append_only ON audit_auditseal;
            DROP FUNCTION audit_refuse();
            """,
        )
    ]
