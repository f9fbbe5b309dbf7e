import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="people_membership_once"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.Func(models.F("person_id"), models.F("org_unit_id"), function="point"), "~="),
                    ("during", django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS),
                ],
                name="people_membership_once",
            ),
        ),
    ]
