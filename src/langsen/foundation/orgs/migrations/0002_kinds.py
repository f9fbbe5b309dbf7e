"""The kinds of organisation an installation starts with; an office adds its own rows.

Levels: 0 central, 1 province, 2 directly under the province, 3 grassroots, 4 cell under a grassroots committee.
District committees ended with the districts on 30/6/2025 (two-tier local government from 1/7/2025).
"""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

# code, line, level, cell, grassroots, board, from, to, name_vi, name_en
KINDS = [
    ("central", "party", 0, 0, 0, 0, "1930-02-03", None, "Trung ương", "Central level"),
    ("province", "party", 1, 0, 0, 0, "1930-02-03", None, "Tỉnh ủy, thành ủy trực thuộc Trung ương", "Provincial Party committee"),
    ("district", "party", 2, 0, 0, 0, "1930-02-03", "2025-07-01", "Huyện ủy, thị ủy, thành ủy", "District Party committee"),
    ("commune", "party", 2, 0, 0, 0, "2025-07-01", None, "Đảng ủy xã, phường, đặc khu", "Commune or ward Party committee"),
    ("agencies", "party", 2, 0, 0, 0, "1930-02-03", None, "Đảng ủy các cơ quan", "Party committee of agencies"),
    ("grassroots_committee", "party", 3, 0, 1, 0, "1930-02-03", None, "Đảng bộ cơ sở", "Grassroots Party organisation"),
    ("grassroots_cell", "party", 3, 1, 1, 0, "1930-02-03", None, "Chi bộ cơ sở", "Grassroots Party cell"),
    ("cell", "party", 4, 1, 0, 0, "1930-02-03", None, "Chi bộ trực thuộc đảng ủy cơ sở", "Party cell"),
    ("board", "party", 3, 0, 0, 1, "1930-02-03", None, "Ban, cơ quan tham mưu", "Advisory board"),
    ("state", "state", 2, 0, 0, 0, "1945-09-02", None, "Cơ quan nhà nước, chính quyền", "State agency"),
    ("mass", "mass", 2, 0, 0, 0, "1930-11-18", None, "Mặt trận Tổ quốc, đoàn thể", "Fatherland Front, mass organisation"),
]


def add(apps, schema_editor):
    Kind = apps.get_model("orgs", "UnitKind")
    for code, line, level, cell, grassroots, board, first, end, vi, en in KINDS:
        Kind.objects.create(
            code=code, line=line, level=level, is_cell=cell, is_grassroots=grassroots, is_board=board,
            during=DateRange(date.fromisoformat(first), date.fromisoformat(end) if end else None),
            name_vi=vi, name_en=en,
        )
    apps.get_model("orgs", "TreeState").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
