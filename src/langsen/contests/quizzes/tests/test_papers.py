"""Papers of rounds: planned, checked, frozen, copied; what is frozen changes no more."""

import pytest
from django.utils import timezone

from langsen.contests.contests.models import Round
from langsen.contests.quizzes import hooks, services
from langsen.contests.quizzes.drawing import draw_paper
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.grading import Key
from langsen.contests.quizzes.models import Category, PaperPlan, Question, RoundQuestion
from langsen.contests.quizzes.queries import keys_of, paper_texts, pool_of
from langsen.contests.quizzes.queries.plans import organised_contest, plan_of, problems_of, sample_paper
from langsen.contests.quizzes.services import RuleFacts
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def unit() -> OrgUnit:
    return make_unit("XA", "agencies")


@pytest.fixture
def by(unit: OrgUnit) -> User:
    return make_user(Role.CONTEST_ORGANISER, unit, "to-chuc")


@pytest.fixture
def of(unit: OrgUnit) -> Round:
    return a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None))


def bank(unit: OrgUnit, by: User, *levels: int, category: str = "Lịch sử", checked: bool = True) -> list[Question]:
    """Questions of a category, one for each difficulty given."""
    many = [
        QuestionFacts(
            f"{category} câu {n}?",
            (Option("a", n % 2 == 0), Option("b", n % 2 == 1), Option("c")),
            category=category,
            difficulty=level,
        )
        for n, level in enumerate(levels)
    ]
    questions = services.add_questions(unit, many, by=by)
    if checked:
        Question.objects.filter(pk__in=[one.pk for one in questions]).update(status="checked")
    return questions


def blocking(of: Round) -> list[str]:
    return [problem.message for problem in problems_of(of) if problem.blocks]


def test_a_fixed_paper_has_its_questions_in_order_and_changes_no_more(
    unit: OrgUnit, by: User, of: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = bank(unit, by, 1, 2, 3)
    plan = services.pick_questions(of, [three.pk, one.pk, two.pk], by=by)
    told: list[Round] = []
    monkeypatch.setattr(hooks, "_when_frozen", [told.append])
    services.freeze_paper(plan, by=by)
    assert told == [of]
    assert [row.version.question_id for row in of.questions.order_by("number")] == [three.pk, one.pk, two.pk]
    assert keys_of(of) == {1: Key(1), 2: Key(1), 3: Key(2)}
    for change in (
        lambda: services.pick_questions(of, [one.pk], by=by),
        lambda: services.save_plan(of, mode="fixed", by=by),
        lambda: services.freeze_paper(plan, by=by),
        lambda: services.copy_plan(plan, of, by=by),
    ):
        with pytest.raises(Conflict):
            change()
    changed = QuestionFacts("Câu chữ mới?", (Option("x", True), Option("y")), category="Lịch sử")
    services.save_question(unit, changed, question=one, by=by)
    assert paper_texts(of)[2].text == "Lịch sử câu 0?"


def test_a_drawn_paper_follows_its_rules(unit: OrgUnit, by: User, of: Round) -> None:
    bank(unit, by, 1, 1, 1, 2, 3)
    bank(unit, by, 2, 2, 2, category="Đạo đức")
    bank(unit, by, 2, category="Đạo đức", checked=False)
    history, ethics = Category.objects.get(folded="lich su"), Category.objects.get(folded="dao duc")
    rules = [RuleFacts(history.pk, 1, 2), RuleFacts(history.pk, 3, 1), RuleFacts(ethics.pk, None, 2)]
    plan = services.save_plan(of, mode="drawn", rules=rules, by=by)
    assert blocking(of) == []
    services.freeze_paper(plan, by=by)
    pool = pool_of(of)
    assert [(group.count, len(group.numbers)) for group in pool.groups] == [(2, 3), (1, 1), (2, 3)]
    levels = dict(of.questions.values_list("number", "version__difficulty"))
    groups = dict(of.questions.values_list("number", "group"))
    for seed in range(50):
        drawn = draw_paper(pool, seed)
        assert sorted(groups[number] for number in drawn.questions) == [1, 1, 2, 3, 3]
        assert sorted(levels[number] for number in drawn.questions) == [1, 1, 2, 2, 3]


def test_the_samples_are_what_the_frozen_paper_gives(unit: OrgUnit, by: User, of: Round) -> None:
    bank(unit, by, *[2] * 8)
    plan = services.save_plan(of, mode="drawn", rules=[RuleFacts(Category.objects.get().pk, None, 4)], by=by)
    before = sample_paper(plan, 7)
    services.freeze_paper(plan, by=by)
    drawn, texts = draw_paper(pool_of(of), 7), paper_texts(of)
    assert [one.text for one in before] == [texts[number].text for number in drawn.questions]
    first = texts[drawn.questions[0]].options
    assert before[0].options == tuple(first[index] for index in drawn.orders[0])
    plan.refresh_from_db()
    assert sample_paper(plan, 7) == before


def test_the_samples_of_a_frozen_paper_stay_when_the_bank_changes(unit: OrgUnit, by: User, of: Round) -> None:
    questions = bank(unit, by, 1, 2, 3)
    plan = services.pick_questions(of, [one.pk for one in questions], by=by)
    plan = services.freeze_paper(plan, by=by)
    before = sample_paper(plan, 3)
    services.save_question(unit, QuestionFacts("Khác?", (Option("x", True), Option("y"))), question=questions[0], by=by)
    assert sample_paper(plan, 3) == before


def test_what_blocks_is_said_before(unit: OrgUnit, by: User, of: Round) -> None:
    assert blocking(of) == ["Đợt này chưa lập đề."]
    services.save_plan(of, mode="fixed", by=by)
    assert blocking(of) == ["Đề chưa có câu hỏi."]
    (draft,) = bank(unit, by, 1, checked=False)
    plan = services.pick_questions(of, [draft.pk], by=by)
    assert "chưa được duyệt" in blocking(of)[0]
    with pytest.raises(BadInput):
        services.freeze_paper(plan, by=by)
    services.save_plan(of, mode="drawn", by=by)
    assert blocking(of) == ["Đề chưa có quy tắc rút câu hỏi."]
    services.save_plan(of, mode="drawn", rules=[RuleFacts(draft.category_id, 1, 3)], by=by)
    assert "cần rút 3 câu, hiện có 0 câu" in blocking(of)[0]


def test_a_question_of_an_earlier_round_is_pointed_out(unit: OrgUnit, by: User, of: Round) -> None:
    questions = bank(unit, by, 1, 2)
    services.freeze_paper(services.pick_questions(of, [questions[0].pk], by=by), by=by)
    later = a_round(of.contest)
    services.pick_questions(later, [one.pk for one in questions], by=by)
    (problem,) = problems_of(later)
    assert not problem.blocks
    assert "1 câu hỏi đã dùng" in problem.message


@pytest.mark.parametrize(
    "levels", [[(1, 1), (1, 2)], [(None, 1), (2, 1)], [(2, 0)], [(None, 201)], [(7, 1)], [(1, 150), (2, 150)]]
)
def test_rules_that_cannot_be_are_refused(unit: OrgUnit, by: User, of: Round, levels: list) -> None:
    bank(unit, by, 1, 2)
    key = Category.objects.get().pk
    with pytest.raises(BadInput):
        services.save_plan(of, mode="drawn", rules=[RuleFacts(key, level, count) for level, count in levels], by=by)
    assert plan_of(of) is None


def test_picks_that_cannot_be_are_refused(unit: OrgUnit, by: User, of: Round) -> None:
    one, two = bank(unit, by, 1, 2)
    services.retire_question(two, by=by)
    for keys, refusal in (([one.pk, one.pk], BadInput), ([two.pk], BadInput), ([999_999], NotFound)):
        with pytest.raises(refusal):
            services.pick_questions(of, keys, by=by)
    assert not RoundQuestion.objects.exists()


def test_a_plan_is_copied_with_its_newest_wording(unit: OrgUnit, by: User, of: Round) -> None:
    one, two = bank(unit, by, 1, 2)
    plan = services.pick_questions(of, [two.pk, one.pk], by=by)
    services.freeze_paper(plan, by=by)
    services.save_question(unit, QuestionFacts("Mới?", (Option("x", True), Option("y"))), question=one, by=by)
    services.retire_question(two, by=by)
    next_year = a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None))
    services.copy_plan(PaperPlan.objects.get(round=of), next_year, by=by)
    (row,) = next_year.questions.select_related("version")
    assert (row.number, row.version.text) == (1, "Mới?")
    assert plan_of(next_year).frozen_at is None


def test_announcing_freezes_every_round_or_none(unit: OrgUnit, by: User, of: Round) -> None:
    second = a_round(of.contest)
    questions = bank(unit, by, 1, 2)
    services.pick_questions(of, [questions[0].pk], by=by)
    with pytest.raises(BadInput, match="Tuần 2: Đợt này chưa lập đề"):
        services.freeze_papers(of.contest, by)
    assert plan_of(of).frozen_at is None
    services.pick_questions(second, [questions[1].pk], by=by)
    services.freeze_papers(of.contest, by)
    assert all(plan_of(one).frozen_at <= timezone.now() for one in (of, second))
    services.freeze_papers(of.contest, by)


def test_papers_are_planned_by_the_organisers_alone(unit: OrgUnit, by: User, of: Round) -> None:
    stranger = make_user(Role.CONTEST_ORGANISER, make_unit("XB", "agencies"), "xa-khac")
    standing = make_user(Role.STANDING_MEMBER, unit, "thuong-truc")
    for user, refusal in ((stranger, NotFound), (standing, NotAllowed)):
        with pytest.raises(NotAllowed):
            services.save_plan(of, mode="fixed", by=user)
        with pytest.raises(refusal):
            organised_contest(user, of.contest_id)
    assert organised_contest(by, of.contest_id) == of.contest


def test_what_was_done_to_a_paper_is_in_the_log(unit: OrgUnit, by: User, of: Round) -> None:
    (question,) = bank(unit, by, 1)
    plan = services.save_plan(of, mode="fixed", shuffles_questions=False, by=by)
    services.pick_questions(of, [question.pk], by=by)
    plan = services.freeze_paper(plan, by=by)
    services.record_samples(plan, by=by)
    verbs = [event.verb for event in history_of(plan)]
    assert verbs == ["paper.sampled", "paper.frozen", "paper.questions_picked", "paper.planned"]
