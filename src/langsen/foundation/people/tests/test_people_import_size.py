"""A file at the limit of rows: judged without a query per row."""

import io

import pytest
import xlsxwriter

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.people.models import Person
from tests.factories import make_tree

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_sixty_thousand_rows_are_read_judged_and_imported(settings, tmp_path, django_assert_max_num_queries):
    settings.FILES_DIR = tmp_path
    tree = make_tree(XA=("agencies", None), **{f"C{number}": ("cell", "XA") for number in range(200)})
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Ngày vào Đảng"])
    for number in range(1, 60_001):
        name = f"Lò Văn {chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676 % 26)}{number % 7}"
        sheet.write_row(
            number, 0, [name, f"{number % 28 + 1}/2/19{50 + number % 50}", "Nam", f"C{number % 200}", "3/2/2015"]
        )
    book.close()
    size = stream.tell()
    stream.seek(0)
    context = Context(system_user(), tree["XA"].pk)
    run = runs.receive(kind_of("people"), stream, name="lon.xlsx", size=size, context=context)
    with django_assert_max_num_queries(200):
        runs.read(run)
    run.refresh_from_db()
    runs.apply_now(run)
    assert Person.objects.count() == run.counts["new"] > 40_000
