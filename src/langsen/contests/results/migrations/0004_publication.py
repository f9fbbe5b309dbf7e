"""Publishing a contest is a job: who asked for it, and what came of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contests", "0006_page_version"), ("results", "0003_places_and_age_bands")]

    operations = [
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("asked_by_id", models.BigIntegerField()),
                ("asked_by_name", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=500)),
                (
                    "bundle",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="results.resultbundle",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="contests.contest",
                    ),
                ),
            ],
            options={
                "ordering": ["contest_id", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("contest",),
                        name="results_publication_open_once",
                    )
                ],
            },
        ),
    ]
