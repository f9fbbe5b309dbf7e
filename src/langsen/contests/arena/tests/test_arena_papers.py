"""A paper from its start to its receipt, through the app itself."""

import json
import uuid
from typing import Any

import pytest

from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.papers import questions_json, questions_shown
from langsen.contests.arena.rules_in_force import Paper
from langsen.contests.quizzes.drawing import Group, Pool, draw_paper
from langsen.contests.quizzes.queries import PaperQuestion
from tests.arena_client import Person, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)


def test_a_paper_is_started_saved_and_handed_in() -> None:
    contest = a_contest(attempts_per_round=2)
    week = a_round(contest)
    questions_in(week)
    entrant = an_entrant(contest)

    async def sit(app: Arena) -> dict[str, Any]:
        person = Person(app, entrant)
        paper = await person.paper(week)
        right = [[place, 1 << _right(question), 1] for place, question in enumerate(paper["questions"], start=1)]
        saved = await person.post("save", token=paper["token"], answers=right[:2])
        assert saved.status == 200 and saved.json()["saved"] == [[1, 1], [2, 1]]
        handed = await person.post("submit", token=paper["token"], answers=right[2:])
        assert handed.status == 200, handed.body
        again = await person.post("submit", token=paper["token"], answers=[])
        assert again.json()["receipt"] == handed.json()["receipt"]
        now = await person.now()
        assert now.status == 200, now.body
        assert now.json()["rounds"][0]["used"] == 1
        assert now.json()["rounds"][0]["last"] == handed.json()["receipt"]
        return handed.json()["receipt"]

    receipt = in_arena(sit)
    assert receipt["correct"] == receipt["answered"] == receipt["questions"] == 5
    kept = Attempt.objects.get()
    assert kept.id == uuid.UUID(receipt["attempt"]) and kept.correct == 5
    standing = Standing.objects.get()
    assert (standing.used, standing.submitted, standing.all_correct, standing.open_attempt) == (1, 1, 1, None)
    assert standing.counted == kept.id and standing.key1 == -5


@pytest.mark.parametrize("seed", [0, 42, 2**63 - 1])
def test_the_questions_written_once_read_as_they_are_shown(seed: int) -> None:
    numbers = (1, 2, 3)
    kinds = ("single", "multiple", "single")
    texts = {
        number: PaperQuestion(f'Câu "{number}" </script>\n?', kind, ("a", "b", "“c”", "d\\"))
        for number, kind in zip(numbers, kinds, strict=True)
    }
    pool = Pool((Group(3, numbers),), dict.fromkeys(numbers, 4), True, True)
    paper, drawn = Paper(pool, texts), draw_paper(pool, seed)
    assert json.loads(questions_json(paper, drawn)) == questions_shown(paper, drawn)


def _right(question: dict[str, Any]) -> int:
    """The place of the right answer as shown: option (n - 1) % 4 of question n."""
    number = int(question["text"].removeprefix("Câu hỏi số ").removesuffix("?"))
    place: int = question["options"].index(f"Phương án {(number - 1) % 4}")
    return place
