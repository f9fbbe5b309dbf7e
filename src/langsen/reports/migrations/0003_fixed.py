"""The database itself refuses to change or delete what an issued report says; only its way onward may be recorded."""

from django.db import migrations

FIXED = "('issued', 'sent', 'supplement_asked', 'received')"


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_shipped_outlines")]

    operations = [
        migrations.RunSQL(
            f"""
            CREATE FUNCTION reports_refuse_report() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                onward text[] := ARRAY['status', 'changed_at', 'sent_at', 'sent_to_id', 'received_at', 'asked_at',
                                       'asked_reason', 'call_id'];
            BEGIN
                IF OLD.status NOT IN {FIXED} THEN
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                END IF;
                IF TG_OP = 'UPDATE' AND NEW.status IN {FIXED} AND to_jsonb(NEW) - onward = to_jsonb(OLD) - onward THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'an issued report cannot be changed' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER reports_report_fixed BEFORE UPDATE OR DELETE ON reports_report
                FOR EACH ROW EXECUTE FUNCTION reports_refuse_report();

            CREATE FUNCTION reports_refuse_content() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                reports bigint[] := ARRAY[]::bigint[];
            BEGIN
                IF TG_OP <> 'INSERT' THEN reports := reports || OLD.report_id; END IF;
                IF TG_OP <> 'DELETE' THEN reports := reports || NEW.report_id; END IF;
                IF EXISTS (SELECT 1 FROM reports_report WHERE id = ANY(reports) AND status IN {FIXED}) THEN
                    RAISE EXCEPTION 'an issued report cannot be changed' USING ERRCODE = 'restrict_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER reports_section_fixed BEFORE INSERT OR UPDATE OR DELETE ON reports_reportsection
                FOR EACH ROW EXECUTE FUNCTION reports_refuse_content();
            CREATE TRIGGER reports_number_fixed BEFORE INSERT OR UPDATE OR DELETE ON reports_reportnumber
                FOR EACH ROW EXECUTE FUNCTION reports_refuse_content();
            CREATE TRIGGER reports_snapshot_fixed BEFORE INSERT OR UPDATE OR DELETE ON reports_reportsnapshot
                FOR EACH ROW EXECUTE FUNCTION reports_refuse_content();
            """,
            """
            DROP TRIGGER reports_report_fixed ON reports_report;
            DROP TRIGGER reports_section_fixed ON reports_reportsection;
            DROP TRIGGER reports_number_fixed ON reports_reportnumber;
            DROP TRIGGER reports_snapshot_fixed ON reports_reportsnapshot;
            DROP FUNCTION reports_refuse_report();
            DROP FUNCTION reports_refuse_content();
            """,
        )
    ]
