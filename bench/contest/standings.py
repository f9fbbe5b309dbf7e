"""Standings over a million attempts, while papers are handed in to the same store at half the arena's rate."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.contest.client import Outcome, Person
from bench.contest.serving import arena
from bench.contest.submits import top_rate
from bench.contest.world import QUESTIONS, World, make_contest, start_papers
from bench.pages import serve_pages
from bench.table import ROUNDS, Table, milliseconds, timed
from bench.world.store import OFFICER
from langsen.contests.contests.codes import digest_of
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit

PEOPLE, ATTEMPTS = 150_000, 1_000_000
DEEP = 2_900
VIEWS, LEAST_VIEWS, LIMIT = 60, 20, 0.05
LOOK_SECONDS = 8.0
PAPERS, WRITERS = 60_000, 32
_CODES = 10
_TOKEN = "a" * 32  # the secret of a form is whatever cookie and header agree on


@dataclass(frozen=True)
class _View:
    """A page and how it is asked for: the requests of one look at it, made anew for each."""

    name: str
    requests: Callable[[int], list[bytes]]


def measure_standings(table: Table) -> None:
    """Make the contest, count its standings, then look at its pages with papers coming in all the while."""
    rate = top_rate()
    world = make_contest(PEOPLE)
    _fill(world)
    contest = Contest.objects.get(pk=world.contest)
    counting = [timed(partial(refresh_summaries, contest, at=timezone.now())) for _ in range(ROUNDS)]
    units = contest.units.count()
    table.add(
        f"standings, unit tables, parts and page marks of {ATTEMPTS:,} attempts, {PEOPLE:,} people, {units} units",
        milliseconds(counting),
        note="a round and the whole contest, as the job does every five minutes; never while a page is opened",
    )
    _publish(contest)
    with connections[STORE].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    writing = make_contest(PAPERS)
    started = start_papers(writing, first=0, count=PAPERS)
    scans = _scans(world)
    with arena() as port, serve_pages() as root:
        pages = asyncio.run(_morning(_views(contest), root, writing, port, started, rate / 2))
    time.sleep(1.5)  # a server tells what it read when it is idle
    if _scans(world) != scans:
        raise RuntimeError("a page read through all attempts")
    for name, (looks, writes) in pages.items():
        slow = looks.percentile(0.95)
        table.add(
            f"{name}, {ATTEMPTS:,} attempts",
            f"median {looks.median * 1000:.0f} ms, p95 {slow * 1000:.0f} ms",
            "p95 below 50 ms",
            f"{len(looks.times)} looks, one at a time; meanwhile {writes.rate:,.0f} papers handed in a second, "
            f"{sum(writes.errors.values())} refused; {sum(looks.errors.values())} looks failed",
            kept=slow < LIMIT and not looks.errors,
        )


def _fill(world: World) -> None:
    """A million handed-in papers of the round, and the standings that follow from them: set-based, no arena."""
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO arena_attempt (round_id, id, entrant_id, number, seed, questions, answers, seqs, started_at,
                                       deadline_at, saved_at, submitted_at, duration_ms, correct, is_phone)
            SELECT %(round)s, gen_random_uuid(), %(first)s + n %% %(people)s, 1 + n / %(people)s, n + 1,
                   array(SELECT generate_series(1, {QUESTIONS}))::smallint[],
                   array_fill(1::smallint, ARRAY[{QUESTIONS}]), array_fill(1, ARRAY[{QUESTIONS}]),
                   begun, begun + interval '1 hour', begun + taken, begun + taken,
                   (extract(epoch FROM taken) * 1000)::int, {QUESTIONS} - (n * 7919 %% 101) / 12, n %% 3 > 0
            FROM generate_series(0::bigint, %(attempts)s - 1) n,
                 LATERAL (SELECT now() - interval '50 minutes' + n * interval '2 ms' AS begun,
                                 interval '60 seconds' + (n * 104729 %% 500000) * interval '1 ms' AS taken) t
            """,
            {"round": world.round, "first": world.first_entrant, "people": PEOPLE, "attempts": ATTEMPTS},
        )
        cursor.execute(
            f"""
            INSERT INTO arena_standing (round_id, entrant_id, used, submitted, all_correct, first_submitted_at, counted,
                                        correct, duration_ms, submitted_at, is_phone, key1, key2, key3, key4)
            SELECT DISTINCT ON (entrant_id) round_id, entrant_id, count(*) OVER mine, count(*) OVER mine,
                   count(*) FILTER (WHERE correct = {QUESTIONS}) OVER mine, min(submitted_at) OVER mine, id, correct,
                   duration_ms, submitted_at, is_phone, -correct, duration_ms,
                   (extract(epoch FROM submitted_at) * 1000)::bigint, 0
            FROM arena_attempt WHERE round_id = %s WINDOW mine AS (PARTITION BY entrant_id)
            ORDER BY entrant_id, correct DESC, duration_ms, submitted_at
            """,
            [world.round],
        )
        cursor.execute(f"ANALYZE arena_attempt_{world.round}, arena_standing_{world.round}, contests_entrant")
    Round.objects.filter(pk=world.round).update(closed_at=timezone.now(), closes_at=timezone.now())
    province = OrgUnit.objects.get(code="T1")
    Contest.objects.filter(pk=world.contest).update(organiser_id=province.pk)


def _code(contest: Contest, number: int) -> str:
    """A personal code; those of contests of earlier runs in the same store differ."""
    return f"{contest.pk:08d}{number:02d}"


def _publish(contest: Contest) -> None:
    """Publish without a bundle: what is measured here are the pages."""
    now = timezone.now()
    contest.rounds.update(results_published_at=now)
    Contest.objects.filter(pk=contest.pk).update(status=ContestStatus.PUBLISHED, published_at=now)
    people = list(Entrant.objects.filter(contest=contest).order_by("-number")[:_CODES])
    for number, entrant in enumerate(people):
        entrant.code_digest = digest_of(_code(contest, number))
    Entrant.objects.bulk_update(people, ["code_digest"])


def _views(contest: Contest) -> list[_View]:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=OFFICER))
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    public = reverse("results:public_results", args=[contest.slug])
    office = reverse("results:standings", args=[contest.pk])
    find = reverse("results:public_find", args=[contest.slug])
    units = reverse("results:public_units", args=[contest.slug])

    def page(path: str, cookie: str = "x=1") -> Callable[[int], list[bytes]]:
        return lambda number: [_get(path.replace("{deep}", str(DEEP - number)), cookie)]

    return [
        _View("public results, first page", page(public)),
        _View(f"public results, page {DEEP:,}", page(public + "?page={deep}")),
        _View("public results, a number looked up", page(public + "?q=TS-0{deep}0")),
        _View("units ranked, public", page(units)),
        _View("the office's ranking, first page", page(office, session)),
        _View(f"the office's ranking, page {DEEP:,}", page(office + "?page={deep}", session)),
        _View(
            "my result by code (asked, then shown)",
            lambda number: [_post(find, f"code={_code(contest, number % _CODES)}"), _get(find, "")],
        ),
    ]


def _get(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def _post(path: str, body: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {settings.CSRF_COOKIE_NAME}={_TOKEN}\r\n"
        f"X-CSRFToken: {_TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def _morning(
    views: list[_View], root: str, writing: World, port: int, started: int, rate: float
) -> dict[str, tuple[Outcome, Outcome]]:
    """Look at each page again and again, one visitor; papers are due at `rate` whatever the answers do."""
    requests = _papers(writing, port, started)
    visitor = Person(int(root.rsplit(":", 1)[1]), "")
    found = {}
    for view in views:
        writes, stop = Outcome(), asyncio.Event()
        writer = asyncio.ensure_future(_hand_in(requests, port, rate, writes, stop))
        await asyncio.sleep(0.5)
        looks = await _look(view, visitor)
        stop.set()
        await writer
        found[view.name] = (looks, writes)
    return found


def _papers(writing: World, port: int, started: int) -> list[bytes]:
    answers = [[place, 1, 1] for place in range(1, QUESTIONS + 1)]
    return [
        Person(port, writing.cookie(number)).request(
            "/thi/api/submit", {"token": writing.token(number, started), "answers": answers}
        )
        for number in range(writing.people)
    ]


async def _look(view: _View, visitor: Person) -> Outcome:
    outcome = Outcome()
    visitor.close()  # a server gives up on a connection on which nothing was asked for a while
    began = time.perf_counter()
    for number in range(-5, VIEWS):
        cookie = b""
        asked = time.perf_counter()
        for request in view.requests(abs(number)):
            asking = request.replace(b"Cookie: \r\n", b"Cookie: " + cookie + b"\r\n")
            try:
                status, body, given = await visitor.visit(asking)
            except (OSError, asyncio.IncompleteReadError) as error:
                outcome.failed(type(error).__name__)
                continue
            cookie = given or cookie
            if status not in {200, 302} or (status == 200 and b"</table>" not in body):
                outcome.failed(str(status))
        if number >= 0:  # the first ones only warm the server
            outcome.times.append(time.perf_counter() - asked)
        if number >= LEAST_VIEWS and time.perf_counter() - began > LOOK_SECONDS:
            break
    outcome.took = time.perf_counter() - began
    return outcome


async def _hand_in(requests: list[bytes], port: int, rate: float, outcome: Outcome, stop: asyncio.Event) -> None:
    """Open loop: a paper every 1/rate seconds by whoever is free, until told to stop or the papers are over."""
    free: asyncio.Queue[Person] = asyncio.Queue()
    for _ in range(WRITERS):
        free.put_nowait(Person(port, ""))
    waiting: set[asyncio.Task[None]] = set()

    async def send(request: bytes) -> None:
        person = await free.get()
        asked = time.perf_counter()
        try:
            status, _body = await person.send(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            outcome.failed(type(error).__name__)
        else:
            if status == 200:
                outcome.times.append(time.perf_counter() - asked)
            else:
                outcome.failed(str(status))
        finally:
            free.put_nowait(person)

    began = time.perf_counter()
    due = 0
    while not stop.is_set():
        while due < (time.perf_counter() - began) * rate:
            if not requests:
                raise RuntimeError("the papers to be handed in are over: make more of them")
            task = asyncio.ensure_future(send(requests.pop()))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
            due += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.005)
    await asyncio.gather(*waiting)
    outcome.took = time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()


def _scans(world: World) -> int:
    """How often the attempts of the measured round were read through from beginning to end."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = %s", [f"arena_attempt_{world.round}"])
        return int(cursor.fetchone()[0])
