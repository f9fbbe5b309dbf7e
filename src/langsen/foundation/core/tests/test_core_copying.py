"""COPY of rows: what goes in comes out, a refused row leaves nothing, long lists are one parameter."""

from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from langsen.foundation.core.copying import copy_rows, days_as_text, listed, new_keys
from langsen.foundation.core.models import ImportRow, ImportRun, Receipt
from langsen.foundation.core.periods import today

pytestmark = pytest.mark.django_db
COLUMNS = ("user_id", "client_id", "action", "location", "answered_at")


def receipts(*actions):
    now = timezone.now().isoformat()
    return [(number, str(uuid4()), action, "", now) for number, action in enumerate(actions)]


def test_what_goes_in_comes_out_with_keys_of_the_sequence():
    awkward = ["tab\there", "back\\slash \\N", "Đảng ủy – “xã”", "line\nbreak", "\\."]
    copy_rows(Receipt, COLUMNS, receipts(*awkward))
    assert list(Receipt.objects.order_by("user_id").values_list("action", flat=True)) == awkward
    assert Receipt.objects.create(user_id=99, client_id=uuid4(), action="x").pk > Receipt.objects.order_by("pk")[0].pk


def test_keys_taken_beforehand_are_nobody_elses():
    keys = new_keys(Receipt, 3)
    assert keys == sorted(set(keys))
    copy_rows(Receipt, ("id", *COLUMNS), [(key, *row) for key, row in zip(keys, receipts(*"abc"), strict=True)])
    assert Receipt.objects.create(user_id=9, client_id=uuid4(), action="d").pk not in keys
    assert new_keys(Receipt, 0) == []


def test_a_refused_row_leaves_nothing_and_names_its_kind():
    (row,) = receipts("twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(Receipt, COLUMNS, [row, row])
    with pytest.raises(DataError), transaction.atomic():
        copy_rows(Receipt, COLUMNS, receipts("good", "\x00"))
    assert not Receipt.objects.exists()


def test_json_and_days_go_in_as_text():
    run = ImportRun.objects.create(kind="x", user_id=1, org_unit_id=1, file_name="", stored_name="", size=1, sha256="")
    columns = ("run_id", "number", "cells", "state", "label", "reasons", "candidates", "choice")
    copy_rows(ImportRow, columns, [(run.pk, 2, '["\\u0111", {"d": "2023-09-22"}]', "new", "", "[]", "[]", "")])
    assert ImportRow.objects.get().cells == ["đ", {"d": "2023-09-22"}]
    day = today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT upper_inf(%s::daterange), lower(%s::daterange)", [days_as_text(day, None)] * 2)
        assert cursor.fetchone() == (True, day)


def test_a_long_list_is_one_parameter():
    copy_rows(Receipt, COLUMNS, receipts("một", "hai", 'ba "{},\\'))
    found = Receipt.objects.filter(action__in=listed(["hai", 'ba "{},\\', *map(str, range(50_000))]))
    assert found.count() == 2
    assert len(found.query.sql_with_params()[1]) == 1
    assert not Receipt.objects.filter(action__in=listed([])).exists()
