"""The waiting room, the limits and the queues by themselves, with a clock in hand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from langsen.contests.arena.batches import Batches
from langsen.contests.arena.figures import Figures
from langsen.contests.arena.limits import ACCOUNTS_SHARING, Limits
from langsen.contests.arena.refusals import Refused
from langsen.contests.arena.waiting import WaitingRoom


def _number(room: WaitingRoom, who: tuple[int, int], now: int, place: str | None = None) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        room.enter(who, now=now, place=place)
    assert caught.value.status == 503 and caught.value.code == "wait"
    assert str(caught.value.facts["position"]) in caught.value.message
    return caught.value.facts["position"], caught.value.facts["place"]


def test_beyond_the_capacity_people_wait_in_order_and_those_inside_notice_nothing() -> None:
    room = WaitingRoom(capacity=2)
    for entrant in (1, 2):
        room.enter((9, entrant), now=0)
        room.stay((9, entrant), 600_000)
    first, second = _number(room, (9, 3), 10), _number(room, (9, 4), 20)
    assert (first[0], second[0]) == (1, 2)
    room.enter((9, 1), now=30)  # a person inside comes back to its paper
    room.stay((9, 1), 600_000)
    room.leave((9, 2))
    room.call(40)
    assert _number(room, (9, 4), 50, second[1])[0] == 1, "the later one moved up by one"
    room.enter((9, 3), now=60, place=first[1])
    assert room.inside == 2


def test_a_newcomer_does_not_pass_those_who_wait() -> None:
    room = WaitingRoom(capacity=1)
    room.enter((9, 1), now=0)
    waiting = _number(room, (9, 2), 10)
    room.leave((9, 1))
    assert _number(room, (9, 3), 20)[0] == 2
    room.call(30)
    room.enter((9, 2), now=40, place=waiting[1])


def test_a_place_keeps_its_order_in_a_process_started_since_and_for_nobody_else() -> None:
    before = WaitingRoom(capacity=0)
    _early, early_place = _number(before, (9, 1), 100)
    after = WaitingRoom(capacity=0)
    assert _number(after, (9, 2), 5_000)[0] == 1
    assert _number(after, (9, 1), 6_000, early_place)[0] == 1, "who came first is first again"
    assert _number(after, (9, 3), 6_000, early_place)[0] == 3, "another person's place is worth nothing"
    assert _number(after, (9, 4), 6_000, early_place + "x")[0] == 4, "nor is a forged one"


def test_who_went_away_is_passed_over() -> None:
    room = WaitingRoom(capacity=1)
    room.enter((9, 1), now=0)
    room.stay((9, 1), 50_000)
    _number(room, (9, 2), 10)
    _number(room, (9, 3), 20)
    _number(room, (9, 3), 49_000)
    room.call(60_000)
    room.enter((9, 3), now=60_001)


def test_a_full_queue_lets_nobody_in_either() -> None:
    room = WaitingRoom(capacity=100)
    with pytest.raises(Refused):
        room.enter((9, 1), now=0, room=0)


def test_an_account_has_ten_a_second_with_bursts_of_twenty() -> None:
    limits = Limits()
    for _ in range(20):
        limits.check(1, "10.0.0.1", 0)
    with pytest.raises(Refused) as caught:
        limits.check(1, "10.0.0.1", 0)
    assert caught.value.status == 429 and 0 < caught.value.facts["retry_ms"] <= 101
    for at in range(101, 1_101, 101):
        limits.check(1, "10.0.0.1", at)
    limits.check(2, "10.0.0.1", 0)


def test_an_address_counts_only_when_two_thousand_accounts_share_it() -> None:
    limits = Limits()
    for account in range(ACCOUNTS_SHARING):
        for _ in range(3):
            limits.check(account, "10.0.0.1", 0)
    with pytest.raises(Refused):
        for account in range(10_000, 20_000):
            limits.check(account, "10.0.0.1", 0)
    limits.check(1, "10.0.0.2", 1000)


@dataclass(frozen=True)
class _Round:
    id: int


@dataclass(frozen=True)
class _Ask:
    entrant: int
    says: str
    round: Any = _Round(1)


def _ran(run: Any, *asks: _Ask, most_queued: int = 100) -> list[Any]:
    async def act() -> list[Any]:
        async def connect() -> Any:
            async def close() -> None: ...

            return SimpleNamespace(closed=False, close=close)

        lane: Batches[_Ask, Any] = Batches(
            "test", run, connect, Figures(), workers=1, most_queued=most_queued, most_together=50
        )
        answers = asyncio.gather(*[lane.ask(ask) for ask in asks], return_exceptions=True)
        await asyncio.sleep(0)
        lane.start()
        given = await answers
        await lane.stop()
        return given

    return asyncio.run(act())


def test_what_waits_goes_together_sorted_and_one_of_each_person() -> None:
    batches: list[list[tuple[int, str]]] = []

    async def run(_connection: Any, _of: Any, asks: Sequence[_Ask]) -> list[str]:
        batches.append([(ask.entrant, ask.says) for ask in asks])
        return [ask.says for ask in asks]

    asks = [_Ask(3, "a"), _Ask(1, "b"), _Ask(3, "c"), _Ask(2, "d"), _Ask(3, "e")]
    assert _ran(run, *asks) == ["a", "b", "c", "d", "e"]
    assert batches == [[(1, "b"), (2, "d"), (3, "a")], [(3, "c")], [(3, "e")]]


def test_one_that_cannot_be_carried_out_does_not_spoil_the_others() -> None:
    async def run(_connection: Any, _of: Any, asks: Sequence[_Ask]) -> list[str]:
        if any(ask.says == "bad" for ask in asks):
            raise psycopg.DataError("bad")
        return [ask.says for ask in asks]

    good, bad, other = _ran(run, _Ask(1, "good"), _Ask(2, "bad"), _Ask(3, "other"))
    assert (good, other) == ("good", "other")
    assert isinstance(bad, Refused) and bad.status == 503


def test_a_database_that_is_away_and_a_full_queue_say_when_to_try_again() -> None:
    async def run(_connection: Any, _of: Any, asks: Sequence[_Ask]) -> list[str]:
        raise psycopg.OperationalError("the server closed the connection")

    refused = _ran(run, *[_Ask(entrant, "x") for entrant in range(12)], most_queued=10)
    assert all(isinstance(one, Refused) and one.code == "unavailable" for one in refused)
    assert len({one.facts["retry_ms"] for one in refused}) > 3, "each at another moment"
