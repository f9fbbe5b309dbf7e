"""Whatever the order of starts, saves, retries, resumes and submissions, on two arenas side by side on one database:
what was acknowledged is stored, nothing else is, the cap holds, and the standings are those of the attempts."""

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.standings import Row, standings_of
from langsen.contests.contests.models import Entrant, Round
from langsen.contests.quizzes.drawing import draw_paper, own_mask
from langsen.contests.quizzes.grading import correct_of
from langsen.contests.quizzes.queries import keys_of, pool_of
from tests.arena_client import Answer, Clock, Person, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)
STEPS = ["start", "start again", "save", "save", "save again", "resume", "submit", "submit again", "time", "sweep"]
QUESTIONS = 4


@dataclass
class Client:
    """One entrant with two devices that does what it is told, whether it makes sense or not."""

    entrant: Entrant
    tokens: list[str] = field(default_factory=list)
    starts: list[uuid.UUID] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    acknowledged: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    receipts: dict[str, Any] = field(default_factory=dict)

    async def act(self, step: str, app: Arena, week: Round, luck: random.Random) -> None:
        person = Person(app, self.entrant)
        app.gate._limits.check = lambda *_given: None  # type: ignore[method-assign]  # speed is tried elsewhere
        if step.startswith("start"):
            attempt = self.starts[-1] if "again" in step and self.starts else uuid.uuid4()
            self.starts.append(attempt)
            self._keep(await person.start(week, attempt))
        elif step == "resume":
            self._keep(await person.post("resume", round=week.pk))
        elif self.tokens:
            await self._write(step, person, luck)

    def _keep(self, answer: Answer) -> None:
        assert answer.status in {200, 404, 409, 410}, answer.body
        if answer.status == 200:
            self.tokens.append(answer.json()["paper"]["token"])

    async def _write(self, step: str, person: Person, luck: random.Random) -> None:
        if "again" in step and self.sent:
            given = luck.choice(self.sent)
        else:
            self.seq += 1
            places = luck.sample(range(1, QUESTIONS + 1), luck.randint(1, 2))
            answers = [[place, 1 << luck.randrange(4), self.seq] for place in places]
            given = {"token": luck.choice(self.tokens[-2:]), "answers": answers}
            self.sent.append(given)
        what = step.removesuffix(" again")
        answer = await person.post(what, **given)
        assert answer.status in {200, 409, 410}, answer.body
        body = answer.json()
        if answer.status == 200 and what == "save":
            self._acknowledge(given, dict(body["saved"]))
        receipt = body.get("receipt")
        if receipt:
            known = self.receipts.setdefault(receipt["attempt"], receipt)
            assert known == receipt, "a receipt never changes"

    def _acknowledge(self, given: dict[str, Any], saved: dict[int, int]) -> None:
        for place, mask, seq in given["answers"]:
            assert saved[place] >= seq
            key = (given["token"], place)
            self.acknowledged[key] = max(self.acknowledged.get(key, (0, 0)), (seq, mask))


def _check(week: Round, clients: list[Client], cap: int) -> None:
    rows = {str(row.id): row for row in Attempt.objects.filter(round=week)}
    pool, keys = pool_of(week), keys_of(week)
    for client in clients:
        of_client = [row for row in rows.values() if row.entrant_id == client.entrant.pk]
        standing = Standing.objects.filter(round=week, entrant=client.entrant).first()
        assert (standing.used if standing else 0) == len(of_client) <= cap
        assert sorted(row.number for row in of_client) == list(range(1, len(of_client) + 1))
        assert set(client.receipts) <= {str(row.id) for row in of_client if row.submitted_at}
        sent = {}
        for one in client.sent:
            for place, mask, seq in one["answers"]:
                sent[place, seq] = mask
        by_token = {token: rows[_attempt_of(token)] for token, _place in client.acknowledged}
        for (token, place), (seq, _mask) in client.acknowledged.items():
            assert by_token[token].seqs[place - 1] >= seq, "acknowledged is stored, unless a newer one is"
        for row in of_client:
            drawn = draw_paper(pool, row.seed)
            assert list(drawn.questions) == row.questions
            for place, (mask, seq) in enumerate(zip(row.answers, row.seqs, strict=True), start=1):
                expected = own_mask(sent[place, seq], drawn.orders[place - 1]) if seq else 0
                assert mask == expected, "what is stored was sent, with that number"
            if row.submitted_at:
                assert row.correct == correct_of(row.questions, row.answers, keys)


def _attempt_of(token: str) -> str:
    from langsen.contests.arena.papers import read_token

    return str(read_token(token).attempt)


def _check_standings(week: Round, counting: str) -> None:
    handed = Attempt.objects.filter(round=week, submitted_at__isnull=False)
    expected = standings_of(
        [
            Row(row.id, row.entrant_id, row.correct, row.duration_ms, round(row.submitted_at.timestamp() * 1000))
            for row in handed
        ],
        order=week.contest.ranking,
        counting=counting,
        all_correct=QUESTIONS,
    )
    kept = {row.entrant_id: row for row in Standing.objects.filter(round=week, counted__isnull=False)}
    assert set(kept) == set(expected)
    for entrant, row in expected.items():
        assert (kept[entrant].key1, kept[entrant].key2, kept[entrant].key3, kept[entrant].key4) == row.keys
        assert (kept[entrant].submitted, kept[entrant].all_correct) == (row.submitted, row.all_correct)
        assert kept[entrant].counted == row.counted


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    waves=st.lists(
        st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(STEPS)), min_size=1, max_size=6),
        min_size=2,
        max_size=9,
    ),
    cap=st.integers(1, 3),
    counting=st.sampled_from(["best", "first", "last"]),
    chance=st.integers(0, 2**32),
)
def test_whatever_the_order_acknowledged_is_stored(
    waves: list[list[tuple[int, int, str]]], cap: int, counting: str, chance: int
) -> None:
    contest = a_contest(attempts_per_round=cap, counting=counting, time_limit_seconds=60, grace_seconds=5)
    week = a_round(contest, opens_at=_whole_hour())
    questions_in(week, count=QUESTIONS)
    clients = [Client(an_entrant(contest)), Client(an_entrant(contest))]
    clock = Clock(int(week.opens_at.timestamp() * 1000))
    luck = random.Random(chance)

    async def act(*apps: Arena) -> None:
        for client in clients:
            await client.act("start", apps[0], week, luck)
        for wave in waves:
            clock.go(luck.choice([0.001, 1, 20]))
            together = []
            for who, where, step in wave:
                if step == "time":
                    clock.go(30)
                elif step == "sweep":
                    together.append(apps[where].sweep.run())
                else:
                    together.append(clients[who].act(step, apps[where], week, luck))
            await asyncio.gather(*together)
        clock.go(70)
        await asyncio.gather(*[app.sweep.run() for app in apps])

    in_arena(act, clock=clock, arenas=2)
    _check(week, clients, cap)
    _check_standings(week, counting)
    assert not Attempt.objects.filter(round=week, submitted_at=None).exists()


def _whole_hour() -> Any:
    from django.utils import timezone

    return timezone.now().replace(microsecond=0)
