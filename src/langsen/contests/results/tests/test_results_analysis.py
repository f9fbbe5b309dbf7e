"""Item analysis recounted by itself, and signs: each finds what was planted, and describes an innocent crowd."""

import random
from statistics import covariance, fmean, stdev

import pytest

from langsen.contests.contests.models import Contest, EntrantFlag
from langsen.contests.results.engine.items import analysed
from langsen.contests.results.engine.signs import Paper, signs_in
from langsen.contests.results.models import ItemFigure
from langsen.contests.results.rules import item_advice
from langsen.contests.results.services import analysing, closing
from tests.results_world import a_held_contest

ACCUSING = ("gian lận", "vi phạm", "cheat")


def classroom(seed: int, count: int = 60, questions: int = 7) -> list[tuple[list[int], list[bool]]]:
    """Attempts of people who know more or less, on questions that are harder or easier; question 7 has a wrong key."""
    dice = random.Random(seed)
    found = []
    for _each in range(count):
        knows = dice.random()
        rights = [dice.random() < knows * (1.2 - number * 0.12) for number in range(1, questions)]
        rights.append(dice.random() > knows)
        order = dice.sample(range(1, questions + 1), questions)
        found.append((order, [rights[number - 1] for number in order]))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_what_the_formulas_give_when_reckoned_the_long_way(seed: int) -> None:
    attempts = classroom(seed)
    paper = analysed(attempts)

    by_question = {number: [float(r[q.index(number)]) for q, r in attempts] for number in range(1, 8)}
    totals = [float(sum(rights)) for _questions, rights in attempts]
    roots = {n: max(covariance(x, totals), 0) ** 0.5 for n, x in by_question.items() if covariance(x, totals) >= 0}
    for number, marks in by_question.items():
        rest = [total - mark for total, mark in zip(totals, marks, strict=True)]
        item = paper.items[number]
        assert item.facility == pytest.approx(fmean(marks), abs=1e-5)
        assert item.deviation == pytest.approx(stdev(marks), abs=1e-5)
        assert item.discrimination == pytest.approx(covariance(marks, rest) / stdev(marks) / stdev(rest), abs=1e-5)
        best = covariance(sorted(marks), sorted(rest))
        assert item.efficiency == pytest.approx(covariance(marks, rest) / best, abs=1e-5)
        if number in roots:
            assert item.weight == pytest.approx(roots[number] / sum(roots.values()), abs=1e-5)
        else:
            assert item.weight is None
    spread = sum(stdev(marks) ** 2 for marks in by_question.values())
    assert paper.consistency == pytest.approx(7 / 6 * (1 - spread / stdev(totals) ** 2), abs=1e-5)


def test_what_has_no_meaning_is_none_never_a_number() -> None:
    assert analysed([]).items == {}
    one = analysed([([1, 2], [True, False])])
    assert (one.items[1].facility, one.items[1].deviation, one.items[1].discrimination) == (1.0, None, None)
    assert one.consistency is None
    alike = analysed([([1, 2], [True, True])] * 40)
    assert (alike.items[1].deviation, alike.items[1].discrimination, alike.items[1].weight) == (0.0, None, None)
    assert alike.consistency is None
    drawn = analysed([([1, 2], [True, False]), ([2, 3], [True, True]), ([1, 3], [False, True])])
    assert drawn.consistency is None


def test_a_wrong_key_and_a_question_everybody_knows_get_plain_advice() -> None:
    wrong_key = analysed(classroom(1, count=300)).items[7]
    values = {"attempts": 300, "facility": wrong_key.facility, "discrimination": wrong_key.discrimination}
    assert "check the key" in item_advice(values) or "kiểm tra đáp án" in item_advice(values)
    assert item_advice({"attempts": 100, "facility": 1.0, "discrimination": None})
    assert item_advice({"attempts": 100, "facility": 0.6, "discrimination": 0.4}) == ""
    assert item_advice({"attempts": 3, "facility": 0.6, "discrimination": 0.4})


@pytest.mark.django_db(databases=["default", "contests"])
def test_the_job_analyses_each_closed_round_once() -> None:
    contest = a_held_contest()
    assert analysing.analyse_due_items() == 0
    closing.close_due_rounds()

    assert analysing.analyse_due_items() == 2
    assert analysing.analyse_due_items() == 0
    assert ItemFigure.objects.filter(round__contest=contest).count() == 10


def paper(entrant: int, **facts: object) -> Paper:
    base: dict[str, object] = {
        "number": 1, "duration_ms": 240_000, "correct": 15, "questions": list(range(1, 20)), "wrong": (),
        "device": None, "is_phone": True, "unit": 1,
    }  # fmt: skip
    return Paper(entrant=entrant, **(base | facts))  # type: ignore[arg-type]


def crowd(count: int = 200) -> list[Paper]:
    """People who err as people do: by themselves, mostly into the same few traps."""
    dice = random.Random(4)
    found = []
    for number in range(1, count + 1):
        wrong = {(question, 2 if dice.random() < 0.8 else 4) for question in dice.sample(range(1, 20), 4)}
        duration = dice.randrange(90_000, 590_000)
        found.append(paper(number, wrong=tuple(sorted(wrong)), device=10_000 + number, duration_ms=duration))
    return found


def test_an_ordinary_crowd_gives_no_sign() -> None:
    assert signs_in(crowd()) == []


def test_each_planted_case_is_found_and_only_that() -> None:
    fast = paper(900, duration_ms=12_000, correct=19)
    slow_and_wrong = paper(901, duration_ms=12_000, correct=5)
    same = tuple((question, 8) for question in (3, 5, 8, 11))
    copied = [paper(entrant, wrong=same) for entrant in (910, 911)]
    shared = [paper(entrant, device=77, unit=entrant) for entrant in range(920, 926)]

    found = signs_in([*crowd(), fast, slow_and_wrong, *copied, *shared])

    assert {(one.kind, one.entrant) for one in found} == {
        ("too_fast", 900),
        *(("same_wrong", entrant) for entrant in (910, 911)),
        *(("shared_device", entrant) for entrant in range(920, 926)),
    }
    device = next(one for one in found if one.kind == "shared_device")
    assert device.facts == {"accounts": 6, "same_unit": 1, "phone": 1}


@pytest.mark.django_db(databases=["default", "contests"])
def test_a_schools_computer_room_is_described_not_accused() -> None:
    contest = a_held_contest(people=12, rounds=1)
    of = contest.rounds.get()
    school = contest.units.get(head_count=20)
    pupils = list(contest.entrants.filter(number__lte=8))
    contest.entrants.filter(number__lte=8).update(unit=school)
    of.attempts.filter(entrant__in=pupils).update(device=5, is_phone=False)
    closing.close_due_rounds()

    assert analysing.look_for_signs() == 8
    assert analysing.look_for_signs() == 0
    words = EntrantFlag.objects.filter(kind="shared_device").values_list("about", flat=True)
    assert all("phòng máy dùng chung" in one for one in words)
    assert not any(bad in one for one in words for bad in ACCUSING)
    assert set(EntrantFlag.objects.values_list("status", flat=True)) == {"open"}


@pytest.mark.django_db(databases=["default", "contests"])
@pytest.mark.parametrize("how", ["contest", "everywhere", "budget"])
def test_signs_are_switched_off_at_once_and_keep_to_their_budget(how: str, settings: object) -> None:
    contest = a_held_contest(people=8, rounds=1)
    contest.rounds.get().attempts.update(device=5)
    closing.close_due_rounds()
    if how == "contest":
        Contest.objects.update(watches_signals=False)
    elif how == "everywhere":
        settings.CONTEST_SIGNALS = False  # type: ignore[attr-defined]

    assert analysing.look_for_signs(budget=-1 if how == "budget" else 60) == 0
    assert not EntrantFlag.objects.exists()
