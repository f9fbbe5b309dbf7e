"""Contests whose rules were announced keep the order they were announced with; the others take the new one."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_was_announced(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    contests = apps.get_model("contests", "Contest").objects.using(editor.connection.alias)
    contests.exclude(frozen_at=None).update(whole_order="sums")


class Migration(migrations.Migration):
    dependencies = [("contests", "0004_entrants_out_of_the_ordinary")]

    operations = [
        migrations.AddField(
            model_name="contest",
            name="whole_order",
            field=models.CharField(
                choices=[
                    ("sums", "everything added up"),
                    ("more_rounds", "right answers added up, then more rounds, then the rest added up"),
                ],
                default="more_rounds",
                editable=False,
                max_length=11,
            ),
        ),
        migrations.RunPython(keep_what_was_announced, migrations.RunPython.noop),
    ]
