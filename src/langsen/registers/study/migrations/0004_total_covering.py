"""The cache's numbers take half the room, and its index carries them: a quarter of the country is one stretch of it.

One ALTER TABLE, because each would write the table anew.
"""

from django.db import migrations, models

COLUMNS = (
    'conferences',
    'conferences_in_person',
    'conferences_online',
    'conferences_hybrid',
    'attendances',
    'attendances_members',
    'attendances_officials',
    'attendances_union_members',
    'attendances_public',
    'attendances_other',
    'online_attendances',
    'remote_points',
    'remote_points_study',
    'remote_points_review',
    'remote_points_other',
    'review_conferences',
    'thematic_meetings',
    'regular_meetings',
    'historic_trips',
    'historic_trip_people',
)


def _to(kind):
    return "ALTER TABLE study_studytotal " + ", ".join(f"ALTER COLUMN {name} TYPE {kind}" for name in COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('study', '0003_session_evidence'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='studytotal', name='study_total_once'),
        migrations.RunSQL(
            _to('integer'),
            _to('bigint'),
            state_operations=[
                migrations.AlterField(model_name='studytotal', name=name, field=models.IntegerField())
                for name in COLUMNS
            ],
        ),
        migrations.AddConstraint(
            model_name='studytotal',
            constraint=models.UniqueConstraint(
                fields=('grain', 'starts_on', 'org_unit'), include=COLUMNS, name='study_total_once'
            ),
        ),
    ]
