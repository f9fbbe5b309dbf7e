"""At the same moment, on several arenas with connections of their own; each guard beside a twin that lacks it."""

import asyncio
import dataclasses
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone

from langsen.contests.arena import rules_in_force
from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.statements import Statements, statements_of
from langsen.contests.contests.models import Entrant, Round
from langsen.contests.quizzes.grading import correct_of
from langsen.contests.quizzes.queries import keys_of
from langsen.contests.stores import STORE
from tests.arena_client import Answer, Clock, Person, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)
CLIENTS = 8


def _world(**columns: Any) -> tuple[Round, Entrant]:
    contest = a_contest(**columns)
    week = a_round(contest, opens_at=timezone.now().replace(microsecond=0) - timedelta(hours=1))
    questions_in(week)
    return week, an_entrant(contest)


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, statement: str, *guards: str) -> Iterator[None]:
    """Let the arenas run a statement from which the guards are taken out."""

    def weakened(round_id: int, order: tuple[str, ...], counting: str) -> Statements:
        usual = statements_of(round_id, order, counting)
        text = getattr(usual, statement)
        for guard in guards:
            assert guard in text, guard
            text = text.replace(guard, "true")
        return dataclasses.replace(usual, **{statement: text})

    with monkeypatch.context() as patch:
        patch.setattr(rules_in_force, "statements_of", weakened)
        yield


def _statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)


CAP, ONE_OPEN = "s.used < %(cap)s::int", "(s.open_attempt IS NULL OR s.open_until"


def _start_at_once(week: Round, entrant: Entrant) -> list[Answer]:
    async def act(*apps: Arena) -> list[Answer]:
        return list(await asyncio.gather(*[Person(app, entrant).start(week) for app in apps for _ in range(2)]))

    return in_arena(act, arenas=CLIENTS // 2)


def test_eight_starts_at_once_give_one_paper() -> None:
    week, entrant = _world(attempts_per_round=1)
    answers = _start_at_once(week, entrant)
    assert _statuses(answers) == [200] + [409] * (CLIENTS - 1)
    assert Standing.objects.get().used == Attempt.objects.count() == 1


def test_control_without_the_cap_and_the_open_paper_eight_starts_give_more(monkeypatch: pytest.MonkeyPatch) -> None:
    week, entrant = _world(attempts_per_round=1)
    rest = ONE_OPEN + " + make_interval(secs => %(grace)s::int) < to_timestamp(%(now)s::bigint / 1000.0))"
    with without(monkeypatch, "start", CAP, rest):
        _start_at_once(week, entrant)
    assert Standing.objects.get().used > 1


def test_the_cap_holds_over_many_papers_and_retries() -> None:
    week, entrant = _world(attempts_per_round=3)

    async def client(person: Person) -> int:
        """Go on, each start sent twice, until told that no attempts are left; the papers got."""
        got = 0
        for _ in range(200):
            attempt = uuid.uuid4()
            answers = await asyncio.gather(person.start(week, attempt), person.start(week, attempt))
            for answer in answers:
                if answer.status == 200:
                    token = answer.json()["paper"]["token"]
                    assert (await person.post("submit", token=token, answers=[])).status == 200
            got += any(answer.status == 200 for answer in answers)
            refused = {answer.json()["error"] for answer in answers if answer.status != 200}
            if "no_attempts_left" in refused:
                return got
            # "unavailable", try again: what stood in the way was gone when it was asked why.
            assert refused <= {"open_paper", "finished", "unavailable"}, refused
        raise AssertionError("200 starts, and attempts are still left")

    async def act(*apps: Arena) -> list[int]:
        for app in apps:
            app.gate._limits.check = lambda *_given: None  # type: ignore[method-assign]  # speed is tried elsewhere
        return list(await asyncio.gather(*[client(Person(app, entrant)) for app in apps]))

    assert sum(in_arena(act, arenas=4)) == 3
    assert Standing.objects.get().used == Attempt.objects.count() == 3
    assert Standing.objects.get().submitted == 3


def _submit_at_once(week: Round, entrant: Entrant) -> list[Answer]:
    async def act(*apps: Arena) -> list[Answer]:
        paper = await Person(apps[0], entrant).paper(week)
        tries = [
            Person(app, entrant).post("submit", token=paper["token"], answers=[[1, 1 << place, 1]])
            for app in apps
            for place in range(2)
        ]
        return list(await asyncio.gather(*tries))

    return in_arena(act, arenas=CLIENTS // 2)


def test_a_paper_handed_in_eight_times_at_once_counts_once() -> None:
    week, entrant = _world()
    answers = _submit_at_once(week, entrant)
    assert _statuses(answers) == [200] * CLIENTS
    assert len({str(answer.json()["receipt"]) for answer in answers}) == 1, "everybody holds the same receipt"
    assert Standing.objects.get().submitted == 1


def test_control_without_asking_whether_it_was_handed_in_it_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    week, entrant = _world()
    with without(monkeypatch, "submit", "submitted_at IS NULL"):
        _submit_at_once(week, entrant)
    assert Standing.objects.get().submitted > 1


def _save_and_submit(week: Round, entrant: Entrant, *, at_once: bool) -> list[Answer]:
    async def act(one: Arena, two: Arena) -> list[Answer]:
        paper = await Person(one, entrant).paper(week)
        handing = Person(one, entrant).post("submit", token=paper["token"], answers=[[1, 1, 1]])
        saves = [
            Person(two, entrant).post("save", token=paper["token"], answers=[[place, 2, 5]]) for place in range(1, 6)
        ]
        if at_once:
            return list(await asyncio.gather(*saves[:2], handing, *saves[2:]))
        return [await handing, *[await each for each in saves]]

    return in_arena(act, arenas=2)


def _graded_as_stored(week: Round) -> bool:
    row = Attempt.objects.get()
    return row.correct == correct_of(row.questions, row.answers, keys_of(week))


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_saved_is_graded_and_nothing_is_saved_afterwards(at_once: bool) -> None:
    week, entrant = _world()
    answers = _save_and_submit(week, entrant, at_once=at_once)
    kept = [answer for answer in answers if answer.status == 200]
    assert all(answer.json()["error"] == "finished" for answer in answers if answer.status != 200)
    saved = [place for answer in kept for place, _seq in answer.json().get("saved", [])]
    row = Attempt.objects.get()
    assert all(row.seqs[place - 1] == 5 for place in saved), "acknowledged is stored"
    assert sum(1 for seq in row.seqs if seq == 5) == len(saved), "and stored is acknowledged"
    assert _graded_as_stored(week)


def test_control_without_the_guard_a_save_changes_a_graded_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    week, entrant = _world()
    with without(monkeypatch, "save", "submitted_at IS NULL"):
        _save_and_submit(week, entrant, at_once=False)
    row = Attempt.objects.get()
    assert row.saved_at is not None and 5 in row.seqs, "answers changed after the paper was graded"


def _close_at_once(week: Round) -> list[Answer]:
    closes = int(week.closes_at.timestamp() * 1000)
    clock = Clock(closes)
    people = [an_entrant(week.contest, f"Người {number}") for number in range(CLIENTS)]

    async def act(one: Arena, two: Arena) -> list[Answer]:
        async def come(person: Person, ms: int) -> Answer:
            clock.ms = closes + ms  # read when the request comes in, before anything waits
            return await person.start(week)

        return list(
            await asyncio.gather(
                *[come(Person(one if at % 2 else two, who), at % 2 - 1) for at, who in enumerate(people)]
            )
        )

    return in_arena(act, clock=clock, arenas=2)


def test_at_the_close_the_moment_of_arrival_decides_whatever_the_queue() -> None:
    week, _entrant = _world()
    assert _statuses(_close_at_once(week)) == [200] * (CLIENTS // 2) + [409] * (CLIENTS // 2)
    assert all(row.started_at < week.closes_at for row in Attempt.objects.all())


def test_control_without_the_close_papers_start_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    week, _entrant = _world()
    monkeypatch.setattr(rules_in_force.RoundRules, "state", lambda _of, _at: "open")
    _close_at_once(week)
    assert any(row.started_at >= week.closes_at for row in Attempt.objects.all())


def _two_devices(week: Round, entrant: Entrant) -> tuple[Answer, list[int]]:
    async def act(one: Arena, two: Arena) -> tuple[Answer, list[int]]:
        phone, tablet = Person(one, entrant), Person(two, entrant)
        paper = await phone.paper(week)
        taken = (await tablet.post("resume", round=week.pk)).json()["paper"]
        old = await phone.post("save", token=paper["token"], answers=[[1, 1, 1]])
        assert (await tablet.post("save", token=taken["token"], answers=[[2, 1, 1]])).status == 200
        return old, taken["seqs"]

    return in_arena(act, arenas=2)


def test_the_device_that_took_the_paper_up_alone_writes_to_it() -> None:
    week, entrant = _world()
    old, _seen = _two_devices(week, entrant)
    assert (old.status, old.json()["error"]) == (409, "taken_over")
    assert Attempt.objects.get().seqs[:2] == [0, 1]


def test_control_without_the_lease_both_write(monkeypatch: pytest.MonkeyPatch) -> None:
    week, entrant = _world()
    with without(monkeypatch, "save", "lease = lease_asked"):
        old, seen = _two_devices(week, entrant)
    assert old.status == 200 and seen[0] == 0 and Attempt.objects.get().seqs[0] == 1


def test_taken_up_at_the_very_moment_of_a_save_nothing_acknowledged_is_unseen() -> None:
    week, entrant = _world()

    async def act(one: Arena, two: Arena) -> None:
        phone, tablet = Person(one, entrant), Person(two, entrant)
        token, seq = (await phone.paper(week))["token"], 0
        for app in (one, two):
            app.gate._limits.check = lambda *_given: None  # type: ignore[method-assign]  # speed is tried elsewhere
        for _ in range(15):
            seq += 1
            saved, taken = await asyncio.gather(
                phone.post("save", token=token, answers=[[1, 1, seq]]), tablet.post("resume", round=week.pk)
            )
            seen = taken.json()["paper"]["seqs"][0]
            assert (saved.status == 200) == (seen == seq), "acknowledged means seen by the device that takes over"
            token = taken.json()["paper"]["token"]
            seq = max(seq, seen)

    in_arena(act, arenas=2)


def test_a_connection_lost_in_the_middle_is_told_and_the_retry_is_harmless() -> None:
    week, entrant = _world(attempts_per_round=1)

    async def act(app: Arena) -> list[int]:
        person, attempt = Person(app, entrant), uuid.uuid4()
        app.gate._limits.check = lambda *_given: None  # type: ignore[method-assign]  # speed is tried elsewhere
        token = (await _until_200(lambda: person.start(week, attempt))).json()["paper"]["token"]
        statuses = []
        for seq in range(1, 6):
            await asyncio.to_thread(_end_arena_connections)
            first = await person.post("save", token=token, answers=[[1, 1, seq]])
            statuses.append(first.status)
            if first.status == 503:
                assert first.json()["error"] == "unavailable" and first.json()["retry_ms"] > 0
            await _until_200(lambda seq=seq: person.post("save", token=token, answers=[[1, 1, seq]]))
        await asyncio.to_thread(_end_arena_connections)
        await _until_200(lambda: person.post("submit", token=token, answers=[]))
        return statuses

    statuses = in_arena(act)
    assert 503 in statuses and set(statuses) <= {200, 503}
    assert Attempt.objects.get().seqs[0] == 5 and Standing.objects.get().submitted == 1


async def _until_200(ask: Callable[[], Any]) -> Answer:
    for _ in range(20):
        answer: Answer = await ask()
        if answer.status == 200:
            return answer
        assert answer.status == 503, answer.body
    raise AssertionError("no answer after 20 tries")


def _end_arena_connections() -> None:
    with psycopg.connect(**_server(), autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'langsen arena'"
        )


def _server() -> dict[str, Any]:
    chosen = connections[STORE].settings_dict
    return {"dbname": chosen["NAME"], "user": chosen["USER"], "host": chosen["HOST"], "port": chosen["PORT"] or None}
