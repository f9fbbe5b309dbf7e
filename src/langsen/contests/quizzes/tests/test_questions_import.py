"""Questions from Excel and from other programs: previewed with reasons, imported once, the good ones only."""

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.contests.quizzes.exports import FORMATS, facts_in
from langsen.contests.quizzes.formats.gift import write_gift
from langsen.contests.quizzes.imports import receive_file
from langsen.contests.quizzes.models import Category, Question
from langsen.contests.quizzes.services import add_questions
from langsen.contests.quizzes.tests.test_bank_services import FACTS
from langsen.contests.quizzes.tests.test_question_files import GIFT, MOODLE, questions
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, NotAllowed
from langsen.foundation.core.models import ImportRow, ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Context, kind_of
from langsen.foundation.core.sheets.rejects import rejected_sheet
from langsen.foundation.orgs.models import OrgUnit
from tests import sheets
from tests.examples import examples
from tests.factories import make_unit, make_user
from tests.sheets import counts

pytestmark = [pytest.mark.django_db(databases=["default", "contests"]), pytest.mark.usefixtures("own_files")]
HEAD = ["Câu hỏi", "A", "B", "Phương án C", "Đáp án", "Độ khó", "Danh mục", "Nguồn"]
GOOD = [
    ["Bác sinh năm nào?", 1890, 1911, 1930, "A", "Dễ", "Tiểu sử", "Sách"],
    ["Chọn hai ý", "Cần", "Kiệm", "Lười", "a, b", "khó", "Đạo đức", ""],
    ["=1+1 bằng mấy?", "=2", "3", "", "A", "", "", ""],
]


@pytest.fixture
def unit() -> OrgUnit:
    return make_unit("XA", "agencies")


@pytest.fixture
def writer(unit: OrgUnit) -> User:
    return make_user(Role.CONTEST_ORGANISER, unit, "nguoi-soan")


def sent(unit: OrgUnit, *rows: list[Any], user: User) -> ImportRun:
    return sheets.sent("questions", unit, HEAD, *rows, user=user)


def from_file(unit: OrgUnit, content: str | bytes, user: User, format_: str = "") -> ImportRun:
    raw = content.encode() if isinstance(content, str) else content
    return receive_file(raw, format_, name="C:\\de\\cau-hoi.txt", context=Context(user, unit.pk))


def test_rows_of_excel_go_in_once(unit: OrgUnit, writer: User) -> None:
    run = sent(unit, *GOOD, user=writer)
    assert counts(run) == {"new": 3}
    assert run.remarks[0][1] == ["Tiểu sử", "Đạo đức"]
    assert not Question.objects.exists()
    runs.apply(run)
    stored = {one.version.text: facts_in(one) for one in Question.objects.select_related("version", "category")}
    assert stored["Chọn hai ý"].letters == "A, B"
    assert (stored["Chọn hai ý"].kind, stored["Chọn hai ý"].difficulty) == ("multiple", 3)
    assert stored["=1+1 bằng mấy?"].options[0].text == "=2"
    assert stored["=1+1 bằng mấy?"].category == "Câu hỏi chung"
    assert counts(sent(unit, *GOOD, user=writer)) == {"unchanged": 3}


def test_bad_rows_of_excel_have_their_cell_and_reason(unit: OrgUnit, writer: User) -> None:
    bad = [
        ["Không có đáp án đúng", "a", "b", "", "D", "", "", ""],
        ["Một phương án", "a", "", "", "A", "", "", ""],
        ["Độ khó lạ", "a", "b", "", "A", "siêu khó", "", ""],
        ["Trùng", "a", "b", "", "A", "", "", ""],
        ["trùng", "B", "A", "", "B", "", "", ""],
    ]
    run = sent(unit, *bad, user=writer)
    assert counts(run) == {"new": 1, "rejected": 4}
    reasons = {row.number: row.reasons for row in ImportRow.objects.filter(run=run, state="rejected")}
    assert reasons[2][0][0] == "E2"
    assert "dòng 5" in reasons[6][0][1]
    runs.apply(run)
    assert Question.objects.count() == 1


def test_one_bad_question_of_a_hundred_stays_out_and_can_be_mended(unit: OrgUnit, writer: User) -> None:
    parts = [f"::Câu {n}:: Hỏi số {n}? {{=đúng {n} ~sai {n}}}" for n in range(1, 101)]
    parts[41] = "::Câu 42:: Hỏi số 42? {=đúng ~sai"
    run = from_file(unit, "\n\n".join(parts), writer)
    assert counts(run) == {"new": 99, "rejected": 1}
    (row,) = ImportRow.objects.filter(run=run, state="rejected")
    assert (row.number, row.label, row.reasons[0][0]) == (83, "Câu 42", "")
    assert "{ }" in row.reasons[0][1]
    assert len(rejected_sheet(run)) > 1000
    assert not Question.objects.exists()
    runs.apply(run)
    runs.apply(run)
    assert Question.objects.count() == 99
    assert run.file_name == "cau-hoi.txt"


def test_unsupported_kinds_are_listed_by_name_and_the_rest_goes_in(unit: OrgUnit, writer: User) -> None:
    run = from_file(unit, MOODLE, writer)
    assert counts(run) == {"new": 1, "rejected": 2}
    assert any("essay" in row.reasons[0][1] for row in run.rows.filter(state="rejected"))
    runs.apply(run)
    assert Category.objects.get().name == "Đạo đức"


def test_a_file_that_is_not_utf8_leaves_nothing_behind(unit: OrgUnit, writer: User) -> None:
    with pytest.raises(BadInput, match="Tệp không phải UTF-8; lưu lại"):
        from_file(unit, "Caâu hoûi: naêm naøo laø ñuùng {=a ~b}".encode("latin-1"), writer)
    assert not ImportRun.objects.exists()


def test_a_question_nearly_there_is_pointed_out_but_taken(unit: OrgUnit, writer: User) -> None:
    add_questions(unit, [FACTS], by=writer)
    run = from_file(unit, "Năm nào Bác Hồ ra đi tìm đường cứu nước? {~1909 =1911 ~1930}", writer)
    (row,) = run.rows.all()
    assert (row.state, "Gần giống" in row.reasons[0][1]) == ("new", True)


def test_nobody_imports_into_another_bank(unit: OrgUnit, writer: User) -> None:
    other = make_unit("XB", "agencies")
    with pytest.raises(NotAllowed):
        from_file(other, GIFT, writer)


@pytest.mark.parametrize("code", ["gift", "moodle", "excel"])
def test_what_is_exported_is_imported_the_same(unit: OrgUnit, writer: User, code: str) -> None:
    many = [
        FACTS,
        FACTS.__class__(
            **{**vars(FACTS), "text": "Dòng một\ndòng hai: {~=#}?", "explanation": "Vì\nthế", "difficulty": 3}
        ),
        FACTS.__class__(
            **{
                **vars(FACTS),
                "kind": "multiple",
                "category": "A / B",
                "theme": "",
                "options": (*FACTS.options[:2], *FACTS.options[2:]),
            }
        ),
    ]
    many[2] = many[2].__class__(**{**vars(many[2]), "text": "Câu chọn nhiều?"})
    add_questions(unit, many, by=writer)
    kept = list(Question.objects.select_related("version", "category").order_by("pk"))
    content = FORMATS[code].write(kept)
    other = make_unit("XB", "agencies")
    taker = make_user(Role.CONTEST_ORGANISER, other, "nguoi-nhan")
    if code == "excel":
        context = Context(taker, other.pk)
        run = runs.receive(kind_of("questions"), io.BytesIO(content), name="a.xlsx", size=len(content), context=context)
    else:
        run = from_file(other, content, taker)
    assert counts(run) == {"new": 3}
    runs.apply(run)
    taken = Question.objects.filter(owner_id=other.pk).select_related("version", "category")
    assert {facts_in(one) for one in taken} == set(many)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(questions(), min_size=1, max_size=5), st.text(max_size=40))
def test_whatever_stands_in_a_file_is_imported_whole_or_not_at_all(
    unit: OrgUnit, writer: User, bank: list, noise: str
) -> None:
    Question.objects.update(version=None)
    before = Question.objects.count()
    content = write_gift([("Câu", facts) for facts in bank]) + "\n\n" + noise
    try:
        run = from_file(unit, content.encode("utf-8", "ignore"), writer, "gift")
    except BadInput:
        assert Question.objects.count() == before
        return
    runs.apply(run)
    assert Question.objects.count() == before + run.counts["new"]
