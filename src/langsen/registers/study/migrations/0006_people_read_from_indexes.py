from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0005_session_conferences")]

    operations = [
        migrations.RemoveConstraint(model_name="attendance", name="study_attendance_once"),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=["session", "person"], include=["studied_on"], name="study_attendance_once"
            ),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="attendances",
                to="study.studysession",
            ),
        ),
        migrations.AddIndex(
            model_name="studysession",
            index=models.Index(
                fields=["org_unit", "held_on"],
                name="study_session_thematic",
                condition=models.Q(status="held", kind="thematic_meeting"),
            ),
        ),
    ]
