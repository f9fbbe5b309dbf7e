from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("study", "0006_people_read_from_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Excuse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="+", to="people.person"),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE,
                        related_name="excuses",
                        to="study.sessionpoint",
                    ),
                ),
            ],
            options={"verbose_name": "absence with leave"},
        ),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.UniqueConstraint(fields=("point", "person"), name="study_excuse_once"),
        ),
    ]
