from django.db import migrations, models

from langsen.foundation.core.text import fold, person_sort_key


def fill(apps, schema_editor):
    for user in apps.get_model("accounts", "User").objects.all():
        user.folded = f"{fold(user.display_name)} {user.username}"
        user.sort_key = person_sort_key(user.display_name)
        user.save(update_fields=["folded", "sort_key"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            "user", "folded", models.CharField(default="", editable=False, max_length=200)
        ),
        migrations.AddField(
            "user", "sort_key", models.CharField(default="", editable=False, max_length=600)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
