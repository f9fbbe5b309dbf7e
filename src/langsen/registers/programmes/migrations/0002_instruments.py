"""The programme's instruments an installation starts with, each with its source.

Which of them is in force after the 14th Congress is not confirmed by any document found up to May 2026, so the
newest stays open and says so.
"""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

# code, number, issued, from, to, source, name_vi, name_en
PROGRAMMES = [
    (
        "ct-03", "03-CT/TW", "2011-05-14", "2011-05-14", "2016-05-15",
        "Chỉ thị 03-CT/TW ngày 14/5/2011; được thay bằng Chỉ thị 05-CT/TW",
        "Tiếp tục đẩy mạnh việc học tập và làm theo tấm gương đạo đức Hồ Chí Minh",
        "Continuing to step up studying and following the moral example of Ho Chi Minh",
    ),
    (
        "ct-05", "05-CT/TW", "2016-05-15", "2016-05-15", None,
        "Chỉ thị 05-CT/TW ngày 15/5/2016",
        "Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "Stepping up studying and following Ho Chi Minh's ideology, morality and style",
    ),
    (
        "kl-01", "01-KL/TW", "2021-05-18", "2021-05-18", None,
        "Kết luận 01-KL/TW ngày 18/5/2021; Hướng dẫn 49-HD/BTGDVTW ngày 19/01/2026 còn viện dẫn",
        "Tiếp tục thực hiện Chỉ thị 05-CT/TW",
        "Continuing to carry out Directive 05-CT/TW",
    ),
]


def add(apps, schema_editor):
    Programme = apps.get_model("programmes", "Programme")
    for code, number, issued, first, end, source, vi, en in PROGRAMMES:
        Programme.objects.create(
            code=code, document_number=number, issued_on=date.fromisoformat(issued), source=source,
            during=DateRange(date.fromisoformat(first), date.fromisoformat(end) if end else None),
            name_vi=vi, name_en=en,
        )


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
