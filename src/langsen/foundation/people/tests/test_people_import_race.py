"""Two clicks at once on “import”: one of them imports. The control twin takes the guard away and sees doubles."""

import io

import pytest
import xlsxwriter

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.people.models import Person
from tests.factories import make_tree
from tests.racing import at_once, meet_after

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
    meet_after(monkeypatch, type(kind), "judge", guarded=guarded)
    if not guarded:
        monkeypatch.setattr(runs, "transition", unguarded)
    results = at_once(*[lambda: runs.apply_now(ImportRun.objects.get(pk=run.pk))] * 2)
    assert Person.objects.count() == (2 if guarded else 4)
    assert sum(isinstance(result, Conflict) for result in results) == (1 if guarded else 0), results
