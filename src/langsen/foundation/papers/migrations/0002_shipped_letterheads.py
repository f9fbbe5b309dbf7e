"""The letterheads that come with the program: which rules they follow, from which day, and how sure that is."""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

NEW_PARTY_RULES = date(2026, 5, 27)

# profile, layout, from, to (the first day no longer), name, source
LETTERHEADS = [
    (
        "dang_36", "party", None, NEW_PARTY_RULES,
        "Văn bản của Đảng theo Hướng dẫn 36-HD/VPTW",
        "Hướng dẫn 36-HD/VPTW ngày 3/4/2018 của Văn phòng Trung ương Đảng; lề trang và cỡ chữ theo bản tóm lược, "
        "chưa đối chiếu với văn bản gốc",
    ),
    (
        "dang_05", "party", NEW_PARTY_RULES, None,
        "Văn bản của Đảng theo Hướng dẫn 05-HD/VPTW",
        "Quy định 399-QĐ/TW ngày 9/1/2026 và Hướng dẫn 05-HD/VPTW ngày 27/5/2026 (thay Hướng dẫn 36-HD/VPTW); chỉ có "
        "bản tóm lược, các bản này khác nhau về cỡ chữ quốc hiệu, tên loại và giãn dòng",
    ),
    (
        "nn_30", "state", None, None,
        "Văn bản hành chính theo Nghị định 30/2020/NĐ-CP",
        "Nghị định 30/2020/NĐ-CP ngày 5/3/2020, Phụ lục I; một số cỡ chữ theo bản tóm lược, chưa đối chiếu với văn bản gốc",
    ),
]


def add(apps, schema_editor):
    Letterhead = apps.get_model("papers", "Letterhead")
    for profile, layout, first, end, name, source in LETTERHEADS:
        Letterhead.objects.create(
            profile=profile, layout=layout, name=name, source=source, is_verified=False, during=DateRange(first, end)
        )


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
