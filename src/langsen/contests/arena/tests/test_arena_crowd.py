"""More people than the arena holds, through the app: they wait in order, and those inside notice nothing."""

import asyncio
import time

import pytest
from django.db import connections
from django.utils import timezone

from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.capacity import Capacity
from langsen.contests.arena.rules_in_force import RulesInForce
from langsen.contests.contests.enums import EntrantStatus
from langsen.contests.contests.models import Entrant
from langsen.contests.stores import STORE
from tests.arena_client import Person, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)


def test_beyond_its_capacity_people_get_a_number_at_once_and_come_in_by_it() -> None:
    contest = a_contest(attempts_per_round=1)
    week = a_round(contest)
    questions_in(week)
    people = [an_entrant(contest, f"Người {number}") for number in range(6)]

    async def act(app: Arena) -> list[str]:
        persons = [Person(app, entrant) for entrant in people]
        inside = [await person.paper(week) for person in persons[:2]]
        began = time.monotonic()
        waiting = [(await person.start(week)).json() for person in persons[2:]]
        assert time.monotonic() - began < 4, "each is told within a second"
        assert [one["position"] for one in waiting] == [1, 2, 3, 4]
        assert {one["error"] for one in waiting} == {"wait"}
        for _ in range(3):
            for person, paper in zip(persons, inside, strict=False):
                assert (await person.post("save", token=paper["token"], answers=[[1, 1, 1]])).status == 200
        assert (await persons[0].post("resume", round=week.pk)).status == 200, "a page loaded again does not wait"
        await persons[1].post("submit", token=inside[1]["token"], answers=[])
        app.gate.call_in()
        came_in = []
        for person, one in reversed(list(zip(persons[2:], waiting, strict=True))):
            answer = await person.start(week, place=one["place"])
            if answer.status == 200:
                came_in.append(str(person.entrant))
        return came_in

    came_in = in_arena(act, capacity=Capacity(people=2))
    assert came_in == [str(people[2])], "the first in the order, though asked last"


def test_the_few_out_of_the_ordinary_are_found_by_an_index() -> None:
    contest = a_contest()
    a_round(contest)
    an_entrant(contest, extra_seconds=60)
    barred = an_entrant(contest, status=EntrantStatus.BARRED)
    an_entrant(contest)
    rules = RulesInForce(lambda: int(time.time() * 1000))
    assert asyncio.run(rules.refresh())
    found = rules.current.entrants
    assert len(found) == 2 and not found[barred.pk].is_active
    now = timezone.now()
    special = Entrant.objects.exclude(status=EntrantStatus.ACTIVE) | Entrant.objects.filter(extra_seconds__gt=0)
    rows = [
        Entrant(contest=contest, number=number, code_digest=str(number), code_issued_at=now, consented_at=now)
        for number in range(10, 3_000)
    ]
    Entrant.objects.bulk_create(rows)
    with connections[STORE].cursor() as cursor:
        cursor.execute("ANALYZE contests_entrant")
    assert "contests_entrant_special" in special.filter(contest__in=[contest]).explain()
