"""Kinds of the State line for `langsen orgs load-vietnam`: the country, provinces, districts to 30/6/2025, communes."""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

# code, level, to, name_vi, name_en
KINDS = [
    ("state_country", 0, None, "Nhà nước", "State"),
    ("state_province", 1, None, "Tỉnh, thành phố trực thuộc Trung ương", "Province or centrally run city"),
    ("state_district", 2, "2025-07-01", "Huyện, quận, thị xã, thành phố thuộc tỉnh", "District"),
    ("state_commune", 3, None, "Xã, phường, thị trấn, đặc khu", "Commune, ward, township or special zone"),
]


def add(apps, schema_editor):
    Kind = apps.get_model("orgs", "UnitKind")
    for code, level, end, vi, en in KINDS:
        Kind.objects.create(
            code=code, line="state", level=level,
            during=DateRange(date(1945, 9, 2), date.fromisoformat(end) if end else None),
            name_vi=vi, name_en=en,
        )


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_succession_days")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
