"""Bad input at the arena: each a clear answer in Vietnamese, never a 500, nothing half-done."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from langsen.contests.arena.asgi import Arena
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.wire import MOST_BODY
from langsen.contests.contests.models import Contest, Entrant, Round
from langsen.contests.contests.tickets import signed
from langsen.contests.quizzes.models import QuestionVersion
from tests.arena_client import Answer, Person, call, in_arena
from tests.contest_world import a_contest, a_round, an_entrant, questions_in

pytestmark = pytest.mark.django_db(databases=["default", "contests"], transaction=True)
VIETNAMESE = set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


@pytest.fixture
def world() -> tuple[Contest, Round, Entrant]:
    contest = a_contest(attempts_per_round=1)
    week = a_round(contest)
    questions_in(week)
    return contest, week, an_entrant(contest)


def _refused(answer: Answer, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status, body["error"]) == (status, code), body
    assert VIETNAMESE & set(body["message"].lower()), body["message"]
    return body


BODIES = {
    "no JSON": b"{",
    "not an object": b"[1]",
    "a name twice": b'{"round": 1, "round": 2}',
    "NaN": b'{"round": NaN}',
    "infinite": b'{"round": -Infinity}',
    "a huge number": b'{"round": ' + b"9" * 5000 + b"}",
    "beyond 64 bits": b'{"round": 9223372036854775808}',
    "nested deep": b'{"round": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "not UTF-8": b'{"round": "\xd0"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "nothing": b"",
}


def test_bodies_that_are_no_request(world: tuple[Contest, Round, Entrant]) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}

    async def try_all(app: Arena) -> None:
        for what in ("start", "resume", "save", "submit"):
            for body in BODIES.values():
                answer = await call(app, "POST", f"/thi/api/{what}", body, headers=Person(app, world[2]).headers)
                _refused(answer, 400, "bad_request")
            _refused(await call(app, "POST", f"/thi/api/{what}", b"round=1", headers=form), 400, "bad_request")
            _refused(await call(app, "GET", f"/thi/api/{what}"), 405, "bad_request")

    in_arena(try_all)


def test_two_megabytes_are_refused_without_reading_them(world: tuple[Contest, Round, Entrant]) -> None:
    async def try_it(app: Arena) -> None:
        asked = 0

        async def receive() -> dict[str, Any]:
            nonlocal asked
            asked += 1
            return {"type": "http.request", "body": b" " * 16_384, "more_body": True}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        for head in ([], [(b"content-length", b"2097152")]):
            asked = 0
            scope = {
                "type": "http",
                "method": "POST",
                "path": "/thi/api/save",
                "query_string": b"",
                "headers": [(b"content-type", b"application/json"), *head],
                "client": ("10.0.0.9", 1),
            }
            await app(scope, receive, send)
            assert sent[-2]["status"] == 413 and (b"connection", b"close") in sent[-2]["headers"]
            assert asked <= MOST_BODY // 16_384 + 1 if not head else asked == 0
        answer = await call(app, "POST", "/thi/api/save", b" " * 2_000_000)
        _refused(answer, 413, "too_large")

    in_arena(try_it)


def test_papers_that_are_not_yours(world: tuple[Contest, Round, Entrant]) -> None:
    contest, week, entrant = world
    other = an_entrant(contest, "Vừ A Páo")
    elsewhere = an_entrant(a_contest(), "Giàng Thị Súa")

    async def try_all(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        token = paper["token"]
        body, _dot, signature = token.partition(".")
        for forged in (body + "." + signature[::-1], token + "A", "x", "", signed({"r": week.pk}, purpose="paper")):
            _refused(await person.post("save", token=forged, answers=[[1, 1, 1]]), 404, "unknown")
        as_ticket = signed(
            {"r": week.pk, "a": uuid.uuid4().hex, "e": 1, "l": 1, "n": 1, "s": 1, "x": 1}, purpose="ticket"
        )
        _refused(await person.post("submit", token=as_ticket), 404, "unknown")
        for no_text in (None, 7, [], {}, "é" * 2000):
            assert (await person.post("save", token=no_text, answers=[])).status == 400
        for stranger in (Person(app, other), Person(app, elsewhere)):
            answer = await stranger.post("save", token=token, answers=[[1, 1, 1]])
            assert answer.status in {401, 404}
            assert (await stranger.post("submit", token=token, answers=[])).status in {401, 404}
        taken = await Person(app, other).start(week, uuid.UUID(paper["attempt"]))
        _refused(taken, 404, "unknown")
        late = Person(app, entrant, expires=1)
        _refused(await late.start(week), 401, "no_ticket")
        _refused(await call(app, "POST", "/thi/api/start", {"round": week.pk}), 401, "no_ticket")
        assert "seed" not in json.dumps(paper) and paper["answers"] == [0] * 5

    in_arena(try_all)
    assert [row.seqs for row in Attempt.objects.all()] == [[0] * 5], "nothing of it was written"
    assert not Standing.objects.filter(entrant=other).exists()


def test_answers_that_are_not_on_the_paper(world: tuple[Contest, Round, Entrant]) -> None:
    _contest, week, entrant = world
    bad: list[Any] = [
        [[0, 1, 1]], [[6, 1, 1]], [[-1, 1, 1]], [[1, 16, 1]], [[1, -1, 1]], [[1, 1, 0]], [[1, 1, 2**31]], [[1, 1]],
        [[1, 1, 1, 1]], [[1.0, 1, 1]], [[True, 1, 1]], [["1", 1, 1]], [None], {}, "abc", None, 5, [[1, 3, 1]],
        [[1, 1, 1], [2, 3, 1]], [[1, 1, 1]] * 401,
    ]  # fmt: skip

    async def try_all(app: Arena) -> None:
        paper = await Person(app, entrant).paper(week)
        for given in bad:
            for what in ("save", "submit"):
                person = Person(app, entrant)
                app.gate._limits.__init__()  # many requests in no time are tried elsewhere
                answer = await person.post(what, token=paper["token"], answers=given)
                _refused(answer, 400, "bad_request")
        two = await Person(app, entrant).post("save", token=paper["token"], answers=[[2, 3, 1]])
        assert "2" in two.json()["message"], "it says which question"
        many = [[1, 1, number] for number in range(1, 10_001)]
        assert (await Person(app, entrant).post("save", token=paper["token"], answers=many)).status in {400, 413}
        for prediction in (-1, 1.5, "7", True, 10**13, []):
            app.gate._limits.__init__()
            answer = await Person(app, entrant).post("submit", token=paper["token"], answers=[], prediction=prediction)
            _refused(answer, 400, "bad_request")

    in_arena(try_all)
    row = Attempt.objects.get()
    assert row.answers == row.seqs == [0] * 5 and row.submitted_at is None


def test_several_answers_are_kept_where_several_may_be_right(world: tuple[Contest, Round, Entrant]) -> None:
    _contest, week, entrant = world
    QuestionVersion.objects.update(kind="multiple")

    async def act(app: Arena) -> None:
        person = Person(app, entrant)
        paper = await person.paper(week)
        assert (await person.post("save", token=paper["token"], answers=[[1, 5, 1]])).status == 200
        again = (await person.post("resume", round=week.pk)).json()["paper"]
        assert again["answers"] == [5, 0, 0, 0, 0] and again["seqs"] == [1, 0, 0, 0, 0]

    in_arena(act)


def test_starts_that_cannot_be(world: tuple[Contest, Round, Entrant]) -> None:
    contest, week, entrant = world
    soon = a_round(contest, opens_at=timezone.now() + timedelta(hours=1))
    questions_in(soon)
    over = a_round(contest, opens_at=timezone.now() - timedelta(days=3))
    questions_in(over)
    empty = a_round(contest)
    called_off = a_contest(status="cancelled")
    cancelled = a_round(called_off)
    questions_in(cancelled)
    barred = an_entrant(contest, "Hà Văn Tạm", status="barred")

    async def try_all(app: Arena) -> None:
        person = Person(app, entrant)
        assert _refused(await person.start(soon), 409, "not_open")["opens_at"] == int(soon.opens_at.timestamp() * 1000)
        _refused(await person.start(over), 409, "closed")
        _refused(await person.start(empty), 409, "not_open")
        _refused(await Person(app, barred).start(week), 403, "barred")
        _refused(await Person(app, an_entrant_of[0]).start(cancelled), 409, "closed")
        for unknown in (0, -1, 10**9, "1", None, True, [], {}):
            _refused(await person.post("start", round=unknown, attempt=str(uuid.uuid4())), 404, "unknown")
        for attempt in ("", "x", 5, None, "0" * 400):
            _refused(await person.post("start", round=week.pk, attempt=attempt), 400, "bad_request")
        _refused(await person.post("resume", round=week.pk), 404, "unknown")
        first = await person.paper(week)
        assert _refused(await person.start(week), 409, "open_paper")["attempt"] == first["attempt"]
        assert (await person.start(week, uuid.UUID(first["attempt"]))).json()["paper"]["seqs"] == [0] * 5, "a retry"
        handed = await person.post("submit", token=first["token"], answers=[])
        _refused(await person.start(week), 409, "no_attempts_left")
        finished = _refused(await person.post("save", token=first["token"], answers=[[1, 1, 9]]), 409, "finished")
        assert finished["receipt"] == handed.json()["receipt"]
        _refused(await person.post("resume", round=week.pk), 409, "finished")

    an_entrant_of = [an_entrant(called_off)]
    in_arena(try_all)
    assert Standing.objects.get().used == Attempt.objects.count() == 1


def test_what_is_not_there(world: tuple[Contest, Round, Entrant]) -> None:
    contest, _week, entrant = world

    async def try_all(app: Arena) -> None:
        headers = Person(app, entrant).headers
        for path in ("nothing/now", "", "now", "start/now", f"{contest.slug}/later", "../now"):
            answer = await call(app, "GET", f"/thi/api/{path}", headers=headers)
            assert answer.status in {404, 405}, path
        draft = a_draft
        assert (await call(app, "GET", f"/thi/api/{draft.slug}/now", headers=headers)).status == 404
        _refused(await call(app, "GET", f"/thi/api/{contest.slug}/now"), 401, "no_ticket")
        assert (await call(app, "GET", "/thi/healthz")).json()["ready"] is True
        assert b"langsen_arena" in (await call(app, "GET", "/thi/metrics")).body
        assert (await call(app, "GET", "/thi/metrics", peer=("10.1.1.1", 9))).status == 404
        forwarded = {"x-forwarded-for": "127.0.0.1"}
        assert (await call(app, "GET", "/thi/metrics", headers=forwarded)).status == 404

    a_draft = a_contest(status="draft")
    a_round(a_draft)
    in_arena(try_all)


def test_a_hasty_client_is_slowed_and_others_are_not(world: tuple[Contest, Round, Entrant]) -> None:
    contest, _week, entrant = world
    other = an_entrant(contest, "Vừ A Páo")

    async def try_it(app: Arena) -> None:
        person = Person(app, entrant)
        answers = [await person.now() for _ in range(30)]
        slowed = [answer for answer in answers if answer.status == 429]
        assert slowed and slowed[0].headers["retry-after"] == "1"
        _refused(slowed[0], 429, "too_fast")
        assert (await Person(app, other).now()).status == 200

    in_arena(try_it)
