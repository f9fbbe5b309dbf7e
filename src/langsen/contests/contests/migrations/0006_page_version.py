"""A number a contest, raised whenever what its public pages tell changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contests", "0005_whole_order")]

    operations = [
        migrations.CreateModel(
            name="PageVersion",
            fields=[
                (
                    "contest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="page_version",
                        serialize=False,
                        to="contests.contest",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=1)),
            ],
        ),
    ]
