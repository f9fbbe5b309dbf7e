"""Questions through their states: versions, checking by somebody else, steps on many, who read a key."""

import pytest

from langsen.contests.quizzes import services
from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.facts import Option, QuestionFacts, from_columns
from langsen.contests.quizzes.models import Category, Question, RoundQuestion
from langsen.contests.quizzes.queries.bank import Filters, like_questions, questions_for, secret_uses, versions_of
from langsen.contests.quizzes.queries.versions import differences
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round, questions_in
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])

FACTS = QuestionFacts(
    text="Bác Hồ ra đi tìm đường cứu nước năm nào?",
    options=(Option("1909"), Option("1911", True), Option("1930")),
    category="Tiểu sử",
    theme="Cuộc đời",
    source="Sách",
)


@pytest.fixture
def unit() -> OrgUnit:
    return make_unit("XA", "agencies")


@pytest.fixture
def writer(unit: OrgUnit) -> User:
    return make_user(Role.CONTEST_ORGANISER, unit, "nguoi-soan")


@pytest.fixture
def checker(unit: OrgUnit) -> User:
    return make_user(Role.JUDGE, unit, "nguoi-duyet")


def written(unit: OrgUnit, by: User, **changes: object) -> Question:
    return services.save_question(unit, QuestionFacts(**{**vars(FACTS), **changes}), by=by)


def test_a_question_goes_its_way_and_a_change_asks_for_another_check(
    unit: OrgUnit, writer: User, checker: User
) -> None:
    question = written(unit, writer)
    services.send_to_check(question, by=writer)
    services.check_question(question, version=1, by=checker)
    question.refresh_from_db()
    assert (question.status, question.checked_by_name) == ("checked", checker.audit_name)
    again = QuestionFacts(**{**vars(FACTS), "text": "Bác Hồ ra đi năm nào?"})
    changed = services.save_question(unit, again, question=question, by=writer)
    assert (changed.status, changed.checked_by_id) == ("draft", None)
    one, two = reversed(versions_of(question))
    assert (one.text, two.text) == (FACTS.text, "Bác Hồ ra đi năm nào?")
    assert [part.label for part in differences(one, two)] == ["Câu hỏi"]
    verbs = [event.verb for event in history_of(question)]
    assert verbs == ["question.changed", "question.checked", "question.sent", "question.added"]


def test_saving_without_a_change_makes_no_version(unit: OrgUnit, writer: User) -> None:
    question = written(unit, writer)
    services.save_question(unit, FACTS, question=question, by=writer)
    assert versions_of(question).count() == 1


def test_the_log_does_not_tell_what_is_asked(unit: OrgUnit, writer: User) -> None:
    (event,) = history_of(written(unit, writer))
    assert FACTS.text not in f"{event.object_label} {event.data}"


def test_the_writer_of_a_version_does_not_check_it(unit: OrgUnit) -> None:
    both = make_user(Role.COMMUNE_OFFICER, unit, "ca-hai")
    question = written(unit, both)
    services.send_to_check(question, by=both)
    with pytest.raises(NotAllowed):
        services.check_question(question, version=1, by=both)
    question.refresh_from_db()
    assert question.status == QuestionStatus.TO_CHECK


def test_a_question_changed_under_the_checkers_eyes_is_not_checked(unit: OrgUnit, writer: User, checker: User) -> None:
    question = written(unit, writer)
    services.send_to_check(question, by=writer)
    question = services.save_question(
        unit, QuestionFacts(**{**vars(FACTS), "theme": "Khác"}), question=question, by=writer
    )
    services.send_to_check(question, by=writer)
    with pytest.raises(Conflict):
        services.check_question(question, version=1, by=checker)


def test_somebody_elses_change_is_not_overwritten(unit: OrgUnit, writer: User) -> None:
    question = written(unit, writer)
    seen = question.changed_at
    services.save_question(unit, QuestionFacts(**{**vars(FACTS), "theme": "Khác"}), question=question, by=writer)
    with pytest.raises(Conflict):
        services.save_question(unit, FACTS, question=question, seen=seen, by=writer)


def test_a_question_is_given_back_with_a_word(unit: OrgUnit, writer: User, checker: User) -> None:
    question = written(unit, writer)
    with pytest.raises(Conflict):
        services.return_question(question, note="Sửa", by=checker)
    services.send_to_check(question, by=writer)
    with pytest.raises(BadInput):
        services.return_question(question, note=" ", by=checker)
    services.return_question(question, note="Thiếu nguồn", by=checker)
    assert (question.status, question.note) == ("draft", "Thiếu nguồn")


def test_out_of_use_and_back(unit: OrgUnit, writer: User) -> None:
    question = written(unit, writer)
    with pytest.raises(Conflict):
        services.restore_question(question, by=writer)
    services.retire_question(question, by=writer)
    with pytest.raises(Conflict):
        services.save_question(unit, FACTS, question=question, by=writer)
    services.restore_question(question, by=writer)
    assert question.status == "draft"


def test_nobody_writes_or_checks_in_another_unit(unit: OrgUnit, writer: User, checker: User) -> None:
    other = make_unit("XB", "agencies")
    stranger = make_user(Role.COMMUNE_OFFICER, other, "xa-khac")
    question = written(unit, writer)
    with pytest.raises(NotAllowed):
        written(unit, stranger)
    with pytest.raises(NotAllowed):
        written(unit, checker)
    with pytest.raises(NotAllowed):
        services.send_to_check(question, by=checker)
    assert list(questions_for(stranger)) == []
    assert list(questions_for(checker)) == [question]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"options": (Option("1", True),)}, "options"),
        ({"options": tuple(Option(str(n), n == 0) for n in range(11))}, "options"),
        ({"options": (Option("a"), Option("b"))}, "options"),
        ({"options": (Option("a", True), Option("b", True))}, "options"),
        ({"options": (Option("a", True), Option(" A "))}, "options"),
        ({"options": (Option("a", True), Option(""), Option("c"))}, "options"),
        ({"kind": "essay"}, "kind"),
        ({"difficulty": 9}, "difficulty"),
        ({"category": "c" * 201}, "category"),
        ({"source": "c" * 501}, "source"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(unit: OrgUnit, writer: User, changes: dict, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        written(unit, writer, **changes)
    assert field in refused.value.fields
    assert not Question.objects.exists()
    assert not Category.objects.exists()


def test_categories_are_found_again_whatever_the_accents(unit: OrgUnit, writer: User) -> None:
    first, second, third = (
        written(unit, writer),
        written(unit, writer, category="tieu su"),
        written(unit, writer, category=""),
    )
    assert first.category == second.category
    assert third.category.name == "Câu hỏi chung"
    with pytest.raises(BadInput):
        services.rename_category(third.category, "TIỂU SỬ", by=writer)
    services.rename_category(third.category, "Khác", by=writer)
    assert Category.objects.get(pk=third.category_id).folded == "khac"


def test_many_are_stepped_each_for_itself(unit: OrgUnit, writer: User, checker: User) -> None:
    ready = [written(unit, writer, text=f"Câu {n}?") for n in range(3)]
    services.send_to_check(ready[0], by=writer)
    done = services.step_many(ready, lambda question: services.send_to_check(question, by=writer))
    assert (done.count, [one for one, _reason in done.left]) == (2, [ready[0]])
    done = services.step_many(ready, lambda question: services.check_question(question, version=1, by=checker))
    assert done.count == 3


def test_many_are_added_with_their_categories_and_events(unit: OrgUnit, writer: User) -> None:
    many = [QuestionFacts(**{**vars(FACTS), "text": f"Câu {n}?", "category": f"Mục {n % 2}"}) for n in range(5)]
    questions = services.add_questions(unit, many, by=writer)
    assert Category.objects.count() == 2
    stored = Question.objects.select_related("version", "category").order_by("pk")
    assert [from_columns(vars(one.version), category=one.category.name) for one in stored] == many
    assert [event.verb for event in history_of(questions[4])] == ["question.added"]


def test_the_bank_is_searched_without_accents_and_narrowed(unit: OrgUnit, writer: User) -> None:
    question = written(unit, writer)
    written(unit, writer, text="Câu khác?", options=(Option("Có", True), Option("Không")), theme="", category="Khác")
    for filters in (
        Filters(text="tim duong"),
        Filters(text="1911"),
        Filters(category_id=question.category_id),
        Filters(theme="Cuộc đời"),
    ):
        assert list(questions_for(writer, filters)) == [question]
    assert questions_for(writer, Filters(status="draft", difficulty=2, owner_id=unit.pk)).count() == 2
    assert questions_for(writer, Filters(contest_id=5)).count() == 0


def test_questions_that_read_nearly_the_same_are_found(unit: OrgUnit, writer: User) -> None:
    question = written(unit, writer)
    like = written(unit, writer, text="Năm nào Bác Hồ ra đi tìm đường cứu nước?")
    written(unit, writer, text="Bác Hồ sinh ở đâu?")
    assert like_questions(question) == [like]


def test_who_reads_a_key_before_the_round_closes_is_recorded(unit: OrgUnit, writer: User) -> None:
    open_round, over = a_round(a_contest()), a_round(a_contest(), hours=0.5)
    for of in (open_round, over):
        questions_in(of, count=1, owner_id=unit.pk)
    now = RoundQuestion.objects.get(round=open_round).version.question
    then = RoundQuestion.objects.get(round=over).version.question
    free = written(unit, writer)
    assert set(secret_uses([now, then, free])) == {now.pk}
    services.record_reading([now, then, free], by=writer)
    services.record_reading([now, then, free], exported="gift", by=writer)
    assert [event.verb for event in history_of(now)] == ["question.exported", "question.read"]
    assert [event.verb for event in history_of(then)] == []
