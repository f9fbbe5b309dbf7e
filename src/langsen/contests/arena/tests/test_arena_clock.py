"""Time at the arena: the server's clock rules, the right to finish, grace, extra time, late papers handed in."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.models import Contest, Entrant, Round
from tests.arena_client import Clock, Person, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in
from tests.racing import giving_back

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)
LIMIT, GRACE = 600, 30


def _world(**columns: object) -> tuple[Contest, Round, Entrant, Clock]:
    contest = a_contest(time_limit_seconds=LIMIT, grace_seconds=GRACE, **columns)
    week = a_round(contest, hours=2)
    questions_in(week)
    return contest, week, an_entrant(contest), Clock(int(week.opens_at.timestamp() * 1000))


async def _change(act: Callable[[], object], app: Arena) -> None:
    """Change something in the office, and let the arena read it."""
    await asyncio.to_thread(giving_back(act))
    await app.rules.refresh()


def test_the_minute_of_the_opening_and_of_the_close() -> None:
    _contest, week, entrant, clock = _world(attempts_per_round=None)

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        clock.ms -= 1
        assert (await person.start(week)).json()["error"] == "not_open"
        clock.ms += 1
        first = await person.paper(week)
        assert first["started_at"] == clock.ms and first["deadline_at"] == clock.ms + LIMIT * 1000
        await person.post("submit", token=first["token"], answers=[])
        clock.ms = int(week.closes_at.timestamp() * 1000) - 1
        begun = await person.paper(week)
        clock.go(LIMIT)
        assert (await person.start(week)).json()["error"] == "closed"
        again = await person.start(week, uuid.UUID(begun["attempt"]))
        assert again.status == 200, "a start whose answer was lost while the round closed"
        token = again.json()["paper"]["token"]
        assert (await person.post("save", token=token, answers=[[1, 1, 1]])).status == 200
        handed = await person.post("submit", token=token, answers=[[2, 2, 1]])
        assert handed.json()["receipt"]["answered"] == 2, "begun before the close, finished after it"

    in_arena(act, clock=clock)


def test_answers_count_up_to_the_deadline_and_its_grace() -> None:
    _contest, week, entrant, clock = _world()

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        clock.go(LIMIT + GRACE)
        assert (await person.post("save", token=paper["token"], answers=[[1, 1, 1]])).status == 200
        clock.ms += 1
        late = await person.post("save", token=paper["token"], answers=[[2, 1, 1]])
        assert (late.status, late.json()["error"]) == (410, "too_late")
        assert (await person.post("resume", round=week.pk)).status == 410
        handed = await person.post("submit", token=paper["token"], answers=[[2, 1, 1]])
        assert handed.status == 410 and handed.json()["receipt"]["answered"] == 1, "what had been saved was handed in"
        again = await person.post("submit", token=paper["token"], answers=[[2, 1, 1]])
        assert again.json()["receipt"] == handed.json()["receipt"]

    in_arena(act, clock=clock)
    row = Attempt.objects.get()
    assert row.by_clock and row.submitted_at == row.deadline_at and row.duration_ms == LIMIT * 1000


def test_what_is_left_lying_is_handed_in_once_by_whichever_arena() -> None:
    contest, week, _entrant, clock = _world()
    people = [an_entrant(contest, f"Người {number}") for number in range(30)]

    async def act(one: Arena, two: Arena) -> list[int]:
        for entrant in people:
            person = Person(one, entrant)
            paper = await person.paper(week)
            await person.post("save", token=paper["token"], answers=[[1, 1, 1]])
        assert await one.sweep.run() == 0, "nothing is due yet"
        clock.go(LIMIT + GRACE + 1)
        return list(await asyncio.gather(one.sweep.run(), two.sweep.run(), one.sweep.run()))

    swept = in_arena(act, clock=clock, arenas=2)
    assert sum(swept) == 30
    assert Attempt.objects.filter(by_clock=True, submitted_at__isnull=False).count() == 30
    assert {(row.used, row.submitted, row.open_attempt) for row in Standing.objects.all()} == {(1, 1, None)}


def _right(question: dict[str, Any]) -> int:
    """The mask of the right answer as this paper shows it; see `questions_in`."""
    number = int(question["text"].removeprefix("Câu hỏi số ").removesuffix("?"))
    return 1 << question["options"].index(f"Phương án {(number - 1) % 4}")


def test_a_paper_of_a_dry_run_swept_after_days_is_graded_as_any_other() -> None:
    """The arena was off when time was up and came back five days later; nobody closes a dry run."""
    contest = a_contest(time_limit_seconds=LIMIT, grace_seconds=GRACE)
    rehearsal = a_round(contest, hours=2, is_dry_run=True)
    questions_in(rehearsal)
    clock = Clock(int(rehearsal.opens_at.timestamp() * 1000))
    entrant = an_entrant(contest)

    async def begin(app: Arena) -> None:
        paper = await Person(app, entrant).paper(rehearsal)
        answers = [[place, _right(question), 1] for place, question in enumerate(paper["questions"][:2], start=1)]
        await Person(app, entrant).post("save", token=paper["token"], answers=answers)

    async def come_back(app: Arena) -> None:
        clock.go(5 * 24 * 3600)
        await app.rules.refresh()
        assert await app.sweep.run() == 1

    in_arena(begin, clock=clock)
    in_arena(come_back, clock=clock)
    assert Attempt.objects.get().correct == 2


def test_an_overdue_paper_does_not_keep_its_person_from_the_next() -> None:
    _contest, week, entrant, clock = _world(attempts_per_round=3, counting="last")

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        first = await person.paper(week)
        clock.go(LIMIT + GRACE + 1)
        second = await person.paper(week)
        assert (first["number"], second["number"]) == (1, 2)
        clock.go(10)
        await person.post("submit", token=second["token"], answers=[])
        assert await app.sweep.run() == 1
        now = (await person.now()).json()["rounds"][0]
        assert now["used"] == 2 and now["open"] is None and now["last"]["attempt"] == second["attempt"]

    in_arena(act, clock=clock)
    standing = Standing.objects.get()
    assert standing.submitted == 2
    assert Attempt.objects.get(id=standing.counted).number == 2, "the last one counts, though the first was swept later"


def test_extra_time_granted_in_the_middle_reaches_the_paper_under_way() -> None:
    _contest, week, entrant, clock = _world()

    def grant() -> None:
        Entrant.objects.filter(pk=entrant.pk).update(extra_seconds=300)

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        await _change(grant, app)
        clock.go(LIMIT + GRACE + 1)
        assert await app.sweep.run() == 0, "the paper is not taken away"
        saved = await person.post("save", token=paper["token"], answers=[[1, 1, 1]])
        assert saved.json()["deadline_at"] == paper["deadline_at"] + 300_000
        now = (await person.now()).json()["rounds"][0]
        assert now["open"]["deadline_at"] == paper["deadline_at"] + 300_000 and now["time_limit"] == LIMIT + 300
        clock.go(300)
        assert (await person.post("save", token=paper["token"], answers=[[2, 1, 1]])).status == 410

    in_arena(act, clock=clock)


def test_a_time_limit_raised_reaches_papers_under_way_and_a_lowered_one_does_not() -> None:
    contest, week, entrant, clock = _world()
    other = an_entrant(contest, "Vừ A Páo", extra_seconds=60)

    def limit(seconds: int) -> None:
        Contest.objects.filter(pk=contest.pk).update(time_limit_seconds=seconds)

    async def act(app: Arena) -> None:
        one, two = Person(app, entrant), Person(app, other)
        first, second = await one.paper(week), await two.paper(week)
        await _change(lambda: limit(LIMIT + 300), app)
        assert await app.sweep.run() == 0
        open_now = (await one.now()).json()["rounds"][0]
        assert open_now["open"]["deadline_at"] == first["deadline_at"] + 300_000
        await _change(lambda: limit(120), app)
        clock.go(LIMIT + 300 + GRACE)
        assert await app.sweep.run() == 0, "nothing is taken from a paper under way"
        saved = await one.post("save", token=first["token"], answers=[[1, 1, 1]])
        assert saved.json()["deadline_at"] == first["deadline_at"] + 300_000
        clock.go(1)
        assert (await one.post("save", token=first["token"], answers=[[2, 1, 1]])).status == 410
        saved = await two.post("save", token=second["token"], answers=[[1, 1, 1]])
        assert saved.json()["deadline_at"] == second["deadline_at"] + 300_000, "beside the extra time of the person"
        assert (await one.now()).json()["rounds"][0]["time_limit"] == 120, "the next paper goes by the new limit"

    in_arena(act, clock=clock)


def test_a_limit_raised_gives_nobody_two_papers_at_once() -> None:
    contest, week, entrant, clock = _world(attempts_per_round=3)

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        first = await person.paper(week)
        clock.go(LIMIT + GRACE + 1)
        second = await person.paper(week)
        await _change(lambda: Contest.objects.filter(pk=contest.pk).update(time_limit_seconds=3 * LIMIT), app)
        assert await app.sweep.run() == 1, "the overdue one is handed in, not revived"
        assert (await person.post("save", token=first["token"], answers=[[1, 1, 1]])).json()["error"] == "too_late"
        saved = await person.post("save", token=second["token"], answers=[[1, 1, 1]])
        assert saved.json()["deadline_at"] == second["started_at"] + 3 * LIMIT * 1000

    in_arena(act, clock=clock)


def test_an_opening_moved_while_people_are_in_takes_no_paper_away() -> None:
    contest, week, entrant, clock = _world()
    other = an_entrant(contest, "Vừ A Páo")

    def move() -> None:
        Round.objects.filter(pk=week.pk).update(opens_at=week.opens_at + timedelta(hours=1))

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        await _change(move, app)
        refused = await Person(app, other).start(week)
        assert refused.json()["error"] == "not_open"
        assert (await person.post("save", token=paper["token"], answers=[[1, 1, 1]])).status == 200
        assert (await person.post("resume", round=week.pk)).status == 200
        assert (await person.now()).json()["rounds"][0]["state"] == "before"

    in_arena(act, clock=clock)


def test_a_person_barred_and_a_contest_called_off_while_people_are_in() -> None:
    contest, week, entrant, clock = _world()
    other = an_entrant(contest, "Vừ A Páo")

    async def act(app: Arena) -> None:
        one, two = Person(app, entrant), Person(app, other)
        first, second = await one.paper(week), await two.paper(week)
        await _change(lambda: Entrant.objects.filter(pk=entrant.pk).update(status="barred"), app)
        assert (await one.post("save", token=first["token"], answers=[])).json()["error"] == "barred"
        assert (await two.post("save", token=second["token"], answers=[])).status == 200
        await _change(lambda: Contest.objects.filter(pk=contest.pk).update(status="cancelled"), app)
        assert (await two.post("save", token=second["token"], answers=[])).json()["error"] == "closed"

    in_arena(act, clock=clock)


def test_the_clock_of_a_phone_is_never_asked() -> None:
    _contest, week, entrant, clock = _world()

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        clock.go(LIMIT + GRACE + 1)
        late = await person.post("save", token=paper["token"], answers=[[1, 1, 1]], now=paper["started_at"], at=1)
        assert late.status == 410
        clock.go(-2 * LIMIT)
        assert (await person.post("save", token=paper["token"], answers=[[1, 1, 1]])).status == 200

    in_arena(act, clock=clock)
