"""Two clicks at once on “import”: one of them imports. The control twin takes the guard away and sees doubles."""

import contextlib
import io
import threading

import pytest
import xlsxwriter
from django.db import close_old_connections, connection

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.people.models import Person
from tests.factories import make_tree

pytestmark = pytest.mark.django_db(transaction=True)


def unguarded(obj, to, **changes):
    for name, value in ({"status": to} | changes).items():
        setattr(obj, name, value)


@pytest.mark.parametrize("guarded", [True, False])
def test_two_clicks_import_once(settings, tmp_path, monkeypatch, guarded):
    settings.FILES_DIR = tmp_path
    tree = make_tree(TI=("province", None), C1=("cell", "TI"))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, ["Họ và tên", "Lò Thị Mây", "Vàng A Páo"])
    book.close()
    size = stream.tell()
    stream.seek(0)
    kind, context = kind_of("people"), Context(system_user(), tree["C1"].pk)
    run = runs.receive(kind, stream, name="x.xlsx", size=size, context=context)
    both = threading.Barrier(2)
    judge = type(kind).judge

    def judged_together(self, rows, where):
        found = judge(self, rows, where)
        with contextlib.suppress(threading.BrokenBarrierError):  # broken: the guard stopped the other click
            both.wait(timeout=3)
        return found

    monkeypatch.setattr(type(kind), "judge", judged_together)
    if not guarded:
        monkeypatch.setattr(runs, "transition", unguarded)
    refused = []

    def click():
        close_old_connections()
        try:
            runs.apply_now(ImportRun.objects.get(pk=run.pk))
        except Conflict as conflict:
            refused.append(conflict)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _number in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert Person.objects.count() == (2 if guarded else 4)
    assert len(refused) == (1 if guarded else 0)
