"""What the arena reads of a frozen paper."""

import pytest

from langsen.contests.quizzes.drawing import draw_paper
from langsen.contests.quizzes.grading import Key
from langsen.contests.quizzes.models import PaperPlan, RoundQuestion
from langsen.contests.quizzes.queries import keys_of, paper_texts, pool_of
from tests.contest_world import a_contest, a_round, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


def test_a_fixed_paper_is_one_group_taken_whole() -> None:
    of = a_round(a_contest())
    questions_in(of, count=5, options=4)
    pool = pool_of(of)
    assert pool.length == 5
    assert sorted(draw_paper(pool, 7).questions) == [1, 2, 3, 4, 5]
    assert keys_of(of) == {number: Key(1 << (number - 1) % 4) for number in range(1, 6)}
    text = paper_texts(of)[2]
    assert (text.text, text.kind, text.options[1]) == ("Câu hỏi số 2?", "single", "Phương án 1")


def test_a_paper_that_is_not_frozen_has_no_questions_yet() -> None:
    of = a_round(a_contest())
    questions_in(of, count=2)
    PaperPlan.objects.update(frozen_at=None)
    assert pool_of(of).length == 0


def test_a_key_corrected_in_the_round_is_the_one_that_counts() -> None:
    of = a_round(a_contest())
    questions_in(of, count=2)
    RoundQuestion.objects.filter(round=of, number=1).update(key=8)
    RoundQuestion.objects.filter(round=of, number=2).update(is_void=True)
    assert keys_of(of) == {1: Key(8), 2: Key(2, void=True)}
