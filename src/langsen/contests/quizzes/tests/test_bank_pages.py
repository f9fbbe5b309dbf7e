"""The pages of the bank: list, writing, one question, steps, files; what they refuse and what they record."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from langsen.contests.quizzes import services
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.models import Category, Question, RoundQuestion
from langsen.contests.quizzes.tests.test_bank_services import FACTS
from langsen.contests.quizzes.tests.test_question_files import GIFT
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.queries import history_of
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round, questions_in
from tests.factories import make_unit, make_user

pytestmark = [pytest.mark.django_db(databases=["default", "contests"]), pytest.mark.usefixtures("own_files")]
LIST = "/ngan-hang-cau-hoi/"


@pytest.fixture
def unit() -> OrgUnit:
    return make_unit("XA", "agencies")


@pytest.fixture
def writer(unit: OrgUnit, client: Client) -> User:
    user = make_user(Role.CONTEST_ORGANISER, unit, "nguoi-soan")
    client.force_login(user)
    return user


def many(unit: OrgUnit, by: User, count: int) -> list[Question]:
    return services.add_questions(
        unit, [QuestionFacts(**{**vars(FACTS), "text": f"Câu hỏi thứ {n}?"}) for n in range(count)], by=by
    )


def typed(**changes: str) -> dict[str, str]:
    sent = {"text": FACTS.text, "kind": "single", "difficulty": "2", "category": "Tiểu sử"}
    sent |= {"option_0": "1909", "option_1": "1911", "right_1": "on", "option_2": "1930"}
    return sent | changes


def test_a_question_is_written_and_its_page_says_everything(client: Client, unit: OrgUnit, writer: User) -> None:
    assert client.get(reverse("quizzes:add")).status_code == 200
    response = client.post(reverse("quizzes:add"), typed(text="<script>x</script> năm nào?", source="Sách <b>"))
    question = Question.objects.get()
    assert response["Location"] == question.get_absolute_url()
    page = client.get(question.get_absolute_url()).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page
    assert "Người dự thi nhìn thấy" in page
    assert "soạn câu hỏi" in page
    assert "None" not in page.split("<main")[-1]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"option_1": ""},
        {"right_0": "on"},
        {"kind": "essay"},
        {"difficulty": "9"},
        {"option_1": "1909"},
        {"text": "x" * 3000},
        {"option_4": "sau khoảng trống"},
    ],
)
def test_a_refused_question_keeps_what_was_typed(
    client: Client, unit: OrgUnit, writer: User, changes: dict[str, str]
) -> None:
    response = client.post(reverse("quizzes:add"), typed(**changes))
    assert response.status_code == 422
    assert "1930" in response.content.decode()
    assert not Question.objects.exists()


def test_a_change_is_seen_word_by_word(client: Client, unit: OrgUnit, writer: User) -> None:
    question = services.save_question(unit, FACTS, by=writer)
    address = reverse("quizzes:change", args=[question.pk])
    form = client.get(address).context["form"]
    assert (form["option_1"].value(), form["right_1"].value()) == ("1911", True)
    seen = form["seen"].value()
    changed = typed(text="Bác Hồ ra đi tìm đường cứu nước ngày nào?", seen=seen)
    assert client.post(address, changed).status_code == 302
    page = client.get(reverse("quizzes:versions", args=[question.pk])).content.decode()
    assert '<del class="gone">năm </del>' in page
    assert '<ins class="fresh">ngày </ins>' in page
    late = client.post(address, typed(text="Của tôi?", seen=seen))
    assert late.status_code == 422
    assert "ngày nào" in late.content.decode()
    again = client.post(address, typed(text="Của tôi?", seen=late.context["seen_now"]))
    assert again.status_code == 302


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connections["default"]) as one, CaptureQueriesContext(connections["contests"]) as two:
        assert client.get(address).status_code == 200
    return len(one) + len(two)


@pytest.mark.parametrize("name", ["quizzes:questions", "quizzes:categories"])
def test_a_list_asks_the_same_for_one_row_and_for_three(client: Client, unit: OrgUnit, writer: User, name: str) -> None:
    many(unit, writer, 1)
    client.get(reverse(name))
    first = queries_of(client, reverse(name))
    for n in range(2):
        services.save_question(unit, QuestionFacts(f"Câu {n}?", FACTS.options, category=f"Mục {n}"), by=writer)
    assert queries_of(client, reverse(name)) == first


def test_the_list_is_narrowed_by_its_address(client: Client, unit: OrgUnit, writer: User) -> None:
    services.save_question(unit, FACTS, by=writer)
    other = services.save_question(
        unit, QuestionFacts("Đường nào?", (Option("a", True), Option("b")), category="Khác", difficulty=3), by=writer
    )
    services.send_to_check(other, by=writer)
    category = Category.objects.get(folded="khac")
    for query in ("q=duong+nao", f"category={category.pk}", "status=to_check", "difficulty=3", "q=đường&sort=-number"):
        page = client.get(f"{LIST}?{query}")
        assert other in page.context["page"].object_list
    assert list(client.get(f"{LIST}?status=to_check").context["page"]) == [other]
    assert [one.version.text for one in client.get(f"{LIST}?theme=Cuộc đời").context["page"]] == [FACTS.text]
    for odd in ("category=x", "difficulty=99", "contest=1'", "page=zz", "owner=abc", "q=%00", "sort=;"):
        assert client.get(f"{LIST}?{odd}").status_code in {200, 400}


def test_the_list_shows_no_key_and_says_what_to_do_when_empty(client: Client, unit: OrgUnit, writer: User) -> None:
    assert "Chưa có câu hỏi" in client.get(LIST).content.decode()
    many(unit, writer, 1)
    page = client.get(LIST).content.decode()
    assert "1911" not in page.split("<main")[-1]


def test_many_are_sent_and_checked_from_the_list(client: Client, unit: OrgUnit, writer: User) -> None:
    questions = many(unit, writer, 3)
    ticked = [f"{question.pk}:1" for question in questions]
    response = client.post(reverse("quizzes:many") + "?q=cau", {"action": "send", "question": ticked})
    assert response["Location"] == f"{LIST}?q=cau"
    assert set(Question.objects.values_list("status", flat=True)) == {"to_check"}
    client.post(reverse("quizzes:many"), {"action": "check", "question": ticked})
    assert set(Question.objects.values_list("status", flat=True)) == {"to_check"}
    client.force_login(make_user(Role.JUDGE, unit, "nguoi-duyet"))
    client.post(reverse("quizzes:many"), {"action": "check", "question": ticked})
    assert set(Question.objects.values_list("status", flat=True)) == {"checked"}
    for bad in ({}, {"action": "x", "question": ticked}, {"action": "send", "question": ["a:b"]}):
        assert client.post(reverse("quizzes:many"), bad).status_code == 400


def test_a_question_is_sent_given_back_checked_and_retired_on_its_page(
    client: Client, unit: OrgUnit, writer: User
) -> None:
    (question,) = many(unit, writer, 1)

    def step(name: str, **data: str) -> str:
        assert client.post(reverse(f"quizzes:{name}", args=[question.pk]), data).status_code == 302
        question.refresh_from_db()
        return question.status

    judge = make_user(Role.JUDGE, unit, "nguoi-duyet")
    assert step("send") == "to_check"
    client.force_login(judge)
    assert step("give_back", note="Thiếu nguồn") == "draft"
    client.force_login(writer)
    assert "Thiếu nguồn" in client.get(question.get_absolute_url()).content.decode()
    assert step("send") == "to_check"
    assert client.post(reverse("quizzes:check", args=[question.pk]), {"version": "1"}).status_code == 403
    client.force_login(judge)
    assert client.post(reverse("quizzes:check", args=[question.pk]), {"version": "x"}).status_code == 400
    assert step("check", version="1") == "checked"
    client.force_login(writer)
    assert step("retire") == "retired"
    assert step("restore") == "draft"


def test_opening_and_exporting_a_secret_key_is_recorded_and_said(client: Client, unit: OrgUnit, writer: User) -> None:
    of = a_round(a_contest())
    questions_in(of, count=1, owner_id=unit.pk)
    question = RoundQuestion.objects.get(round=of).version.question
    page = client.get(question.get_absolute_url()).content.decode()
    assert "cần giữ kín" in page
    for code in ("gift", "moodle", "excel"):
        response = client.get(reverse("quizzes:export", args=[code]))
        assert response.status_code == 200
        assert "attachment" in response["Content-Disposition"]
    verbs = [event.verb for event in history_of(question)]
    assert verbs == ["question.exported"] * 3 + ["question.read"]
    assert client.get(reverse("quizzes:export", args=["pdf"])).status_code == 404


def test_a_file_is_sent_looked_at_and_imported(client: Client, unit: OrgUnit, writer: User) -> None:
    address = reverse("quizzes:files_import")
    assert client.get(address).status_code == 200
    content = GIFT + "\n\n::Hỏng:: Câu hỏng {=a"
    sent = {"unit": unit.pk, "format": "", "file": SimpleUploadedFile("de.txt", content.encode())}
    run = client.post(address, sent)["Location"]
    page = client.get(run).content.decode()
    assert "Cột tương ứng" not in page
    assert "Hỏng" in page
    assert not Question.objects.exists()
    assert client.get(run + "can-sua.xlsx").status_code == 200
    assert client.post(run, {"action": "apply"}).status_code == 302
    assert Question.objects.count() == 3
    assert client.get(run).status_code == 200


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Caâu hoûi: naêm naøo laø {=a ~b}".encode("latin-1"), "Tệp không phải UTF-8"),
        (b"<quiz><question>", "cú pháp"),
        (b"", ""),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><quiz/>', "DTD"),
    ],
)
def test_a_bad_file_is_answered_on_the_form(
    client: Client, unit: OrgUnit, writer: User, content: bytes, words: str
) -> None:
    sent = {"unit": unit.pk, "file": SimpleUploadedFile("de.txt", content)}
    response = client.post(reverse("quizzes:files_import"), sent)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_pages_speak_english_too(client: Client, unit: OrgUnit, writer: User) -> None:
    (question,) = many(unit, writer, 1)
    client.post(reverse("set_language"), {"language": "en"})
    assert "Question bank" in client.get(LIST).content.decode()
    assert "As the entrant sees it" in client.get(question.get_absolute_url()).content.decode()


def test_somebody_of_another_unit_sees_nothing(client: Client, unit: OrgUnit, writer: User) -> None:
    (question,) = many(unit, writer, 1)
    client.force_login(make_user(Role.CONTEST_ORGANISER, make_unit("XB", "agencies"), "xa-khac"))
    assert list(client.get(LIST).context["page"]) == []
    assert client.get(question.get_absolute_url()).status_code == 404
    client.force_login(make_user(Role.VIEWER, unit, "nguoi-xem"))
    assert client.get(LIST).status_code == 403
