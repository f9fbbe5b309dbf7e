from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("study", "0004_total_covering")]

    operations = [
        migrations.AddIndex(
            model_name="studysession",
            index=models.Index(
                fields=["id"],
                name="study_session_conferences",
                condition=models.Q(status="held", kind="study_conference"),
            ),
        ),
    ]
