"""Two at the same moment: a paper is frozen once, a question is checked once; twins without the guard do it twice."""

import pytest

from langsen.contests.quizzes import services
from langsen.contests.quizzes.models import PaperPlan, Question, RoundQuestion
from langsen.contests.quizzes.services import checking, freezing
from langsen.contests.quizzes.tests.test_bank_services import FACTS
from langsen.contests.quizzes.tests.test_papers import bank
from langsen.foundation.access.enums import Role
from langsen.foundation.core.errors import Conflict
from tests.contest_world import a_contest, a_round
from tests.factories import make_unit, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)


def _planned():
    unit = make_unit("XA", "agencies")
    by = make_user(Role.CONTEST_ORGANISER, unit, "to-chuc")
    of = a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None))
    plan = services.pick_questions(of, [one.pk for one in bank(unit, by, 1, 2)], by=by)
    return plan, by


def test_a_paper_frozen_by_two_at_once_is_frozen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(freezing, "paper_frozen", lambda of: told.append(of.pk))
    plan, by = _planned()
    results = at_once(*[lambda: services.freeze_paper(PaperPlan.objects.get(pk=plan.pk), by=by)] * 2)
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert len(told) == 1
    assert RoundQuestion.objects.filter(round=plan.round).count() == 2


def test_a_question_checked_by_two_at_once_is_checked_by_one() -> None:
    unit = make_unit("XA", "agencies")
    writer = make_user(Role.CONTEST_ORGANISER, unit, "nguoi-soan")
    judges = [make_user(Role.JUDGE, unit, f"giam-khao-{n}") for n in range(2)]
    question = services.save_question(unit, FACTS, by=writer)
    services.send_to_check(question, by=writer)

    def check(judge):
        return lambda: services.check_question(Question.objects.get(pk=question.pk), version=1, by=judge)

    results = at_once(*(check(judge) for judge in judges))
    assert sum(isinstance(result, Conflict) for result in results) == 1


def test_without_the_guarded_step_both_would_have_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the state set without asking where it comes from."""

    def unguarded(obj, to, **changes):
        type(obj).objects.filter(pk=obj.pk).update(status=to, **changes)

    monkeypatch.setattr(checking, "transition", unguarded)
    unit = make_unit("XA", "agencies")
    writer = make_user(Role.CONTEST_ORGANISER, unit, "nguoi-soan")
    question = services.save_question(unit, FACTS, by=writer)
    for number in range(2):
        judge = make_user(Role.JUDGE, unit, f"giam-khao-{number}")
        services.check_question(question, version=1, by=judge)
    assert Question.objects.get(pk=question.pk).checked_by_name.endswith("(giam-khao-1)")
