from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_imports")]

    operations = [
        migrations.AddField(model_name="importrun", name="subject_id", field=models.BigIntegerField(null=True)),
    ]
