"""A small contest that was held: rounds with papers from seeds, attempts and standings; not closed yet."""

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.standings import Row, StandingRow, standings_of
from langsen.contests.contests.models import Contest, ContestUnit, Entrant, PrizeRule, Round
from langsen.contests.quizzes.drawing import draw_paper
from langsen.contests.quizzes.grading import correct_of
from langsen.contests.quizzes.queries import keys_of, pool_of
from langsen.contests.results.models import Publication, ResultBundle
from langsen.contests.results.services import publishing
from langsen.foundation.accounts.models import User
from tests.contest_world import a_contest, a_round, a_unit, an_entrant, questions_in

OPENS = datetime(2023, 4, 3, 2, 0, tzinfo=UTC)
ORDER = ["score", "prediction", "duration", "moment"]
PEOPLE = 24


def a_held_contest(*, people: int = PEOPLE, rounds: int = 2, seed: int = 7, **rules: Any) -> Contest:
    """A contest with three competing units (one with two cells), `people` entrants and their attempts in each round."""
    facts: dict[str, Any] = {
        "attempts_per_round": 3,
        "prediction": "people_all_correct",
        "ranking": ORDER,
        "prize_cap_contest": 1,
        "unit_ranking": "rate",
    }
    contest = a_contest(**facts | rules)
    units = _units(contest)
    _prizes(contest)
    dice = random.Random(seed)
    names = ("Lò Thị Mai", "Giàng A Páo", "Nguyễn Văn Bình", "Vàng Thị Dợ", "Trần Hữu Hòa")
    entrants = [
        an_entrant(contest, names[count % len(names)], unit=units[count % len(units)], birth_year=1950 + count * 2)
        for count in range(people)
    ]
    for count in range(rounds):
        of = a_round(contest, opens_at=OPENS + timedelta(days=7 * count), hours=24 * 6)
        questions_in(of, count=5)
        hold(of, entrants, dice)
    return contest


def publish_now(contest: Contest, *, by: User) -> ResultBundle:
    """Ask for the publication and do at once what the job does."""
    made = publishing.publish(publishing.ask_to_publish(contest, by=by))
    assert made is not None, Publication.objects.filter(contest=contest).values_list("fault")
    return made


def hold(of: Round, entrants: list[Entrant], dice: random.Random) -> None:
    """Every entrant makes one to three attempts, some by the clock, and predicts; standings as the arena keeps them."""
    pool, keys = pool_of(of), keys_of(of)
    attempts = []
    for entrant in entrants:
        started = of.opens_at + timedelta(minutes=dice.randrange(60), milliseconds=dice.randrange(1000))
        for number in range(1, 1 + dice.choice([1, 1, 2, 3])):
            by_clock = dice.random() < 0.1
            taken = timedelta(minutes=10) if by_clock else timedelta(milliseconds=dice.randrange(60_000, 600_000))
            seed = dice.randrange(1 << 63)
            questions = draw_paper(pool, seed).questions
            answers = [keys[one].mask if dice.random() < 0.85 else dice.choice([0, 1, 2, 4, 8]) for one in questions]
            attempts.append(
                Attempt(
                    round=of,
                    id=uuid.UUID(int=dice.getrandbits(128), version=4),
                    entrant=entrant,
                    number=number,
                    seed=seed,
                    questions=list(questions),
                    answers=answers,
                    seqs=[1] * len(answers),
                    started_at=started,
                    deadline_at=started + timedelta(minutes=10),
                    submitted_at=started + taken,
                    by_clock=by_clock,
                    duration_ms=taken // timedelta(milliseconds=1),
                    correct=correct_of(questions, answers, keys),
                    is_phone=dice.random() < 0.6,
                )
            )
            started += taken + timedelta(minutes=1)
    Attempt.objects.bulk_create(attempts)
    stand(of, {entrant.pk: dice.randrange(30) for entrant in entrants if dice.random() < 0.9})


def stand(of: Round, predictions: dict[int, int]) -> None:
    """Write the standings of a round's attempts, as the arena would have."""
    attempts = list(Attempt.objects.filter(round=of))
    rows = [
        Row(one.id, one.entrant_id, one.correct or 0, one.duration_ms or 0, _ms(one.submitted_at), one.is_phone)
        for one in attempts
        if one.submitted_at
    ]
    contest = of.contest
    found = standings_of(rows, order=contest.ranking, counting=contest.counting, all_correct=len(attempts[0].questions))
    Standing.objects.filter(round=of).delete()
    Standing.objects.bulk_create(_standing(of, row, predictions.get(row.entrant_id)) for row in found.values())


def _standing(of: Round, row: StandingRow, prediction: int | None) -> Standing:
    return Standing(
        round=of,
        entrant_id=row.entrant_id,
        used=row.submitted,
        prediction=prediction,
        submitted=row.submitted,
        all_correct=row.all_correct,
        first_submitted_at=_moment(row.first_submitted_ms),
        first_all_correct_at=None if row.first_all_correct_ms is None else _moment(row.first_all_correct_ms),
        counted=row.counted,
        correct=row.correct,
        duration_ms=row.duration_ms,
        submitted_at=_moment(row.submitted_ms),
        is_phone=row.is_phone,
        **{f"key{place}": key for place, key in enumerate(row.keys, start=1)},
    )


def _units(contest: Contest) -> list[ContestUnit]:
    commune = a_unit(contest, "Đảng bộ xã Bản Thử", head_count=41, kind="Đảng bộ xã")
    cells = [a_unit(contest, f"Chi bộ bản {name}", under=commune, kind="Chi bộ") for name in ("Nà Khoang", "Pá Liềng")]
    ward = a_unit(contest, "Đảng bộ phường Hoa Ban", head_count=30, kind="Đảng bộ phường")
    school = a_unit(contest, "Trường THPT Mường Sen", head_count=20, kind="Trường học")
    return [*cells, ward, school]


def _prizes(contest: Contest) -> None:
    for subject, scope, rank, count in (
        ("person", "round", "first", 1),
        ("person", "round", "second", 2),
        ("person", "round", "consolation", 3),
        ("person", "contest", "first", 1),
        ("unit", "contest", "first", 1),
        ("unit", "contest", "second", 1),
    ):
        PrizeRule.objects.create(contest=contest, subject=subject, scope=scope, rank=rank, count=count, amount=500_000)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
