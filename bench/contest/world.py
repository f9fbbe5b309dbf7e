"""An invented contest in the contest store: people with tickets, and papers already started, made by set-based SQL."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import connections
from django.utils import timezone

from langsen.contests.arena.papers import Token
from langsen.contests.arena.services import prepare_round
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.tickets import COOKIE, issue_ticket
from langsen.contests.quizzes.models import Category, PaperPlan, Question, QuestionVersion, RoundQuestion
from langsen.contests.stores import STORE

QUESTIONS, OPTIONS = 19, 4
LIMIT_SECONDS = 3600
UNITS = 200
_DAY = 24 * 3600


@dataclass(frozen=True)
class World:
    """The contest of one measurement: its keys, and its people numbered from `first_entrant` on."""

    contest: int
    slug: str
    round: int
    first_entrant: int
    people: int

    def entrant(self, number: int) -> int:
        return self.first_entrant + number

    def cookie(self, number: int) -> str:
        """The cookie header of one person."""
        ticket = issue_ticket(self.contest, self.entrant(number), expires=int(time.time()) + _DAY)
        return f"{COOKIE % self.contest}={ticket}"

    def token(self, number: int, started: int) -> str:
        """The signed paper of a person whose paper was started by `start_papers`."""
        attempt = attempt_id(self.round, number)
        return Token(self.round, attempt, self.entrant(number), 1, 1, started, number + 1).signed()


def attempt_id(round_id: int, number: int) -> uuid.UUID:
    """The id of a started paper: the round and the person's number, so that SQL and Python agree."""
    return uuid.UUID(f"{round_id:08x}-0000-4000-8000-{number:012x}")


def make_contest(people: int, *, cap: int | None = None) -> World:
    """A contest with one open round, a paper of 19 questions in a fixed order, and people in 200 units."""
    now = timezone.now()
    serial = uuid.uuid4().hex[:8]
    contest = Contest.objects.create(
        slug=f"do-toc-do-{serial}",
        title="Cuộc thi để đo",
        organiser_id=0,
        organiser_code="DO",
        organiser_name="Đơn vị đo",
        status=ContestStatus.ANNOUNCED,
        frozen_at=now,
        attempts_per_round=cap,
        time_limit_seconds=LIMIT_SECONDS,
        created_by_id=0,
        created_by_name="đo",
    )
    opened = Round.objects.create(
        contest=contest,
        number=1,
        title="Tuần 1",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=1),
    )
    _freeze_paper(opened)
    prepare_round(opened)
    first = _sign_up(contest.pk, people, serial)
    return World(contest.pk, contest.slug, opened.pk, first, people)


def _freeze_paper(of: Round) -> None:
    category, _ = Category.objects.get_or_create(owner_id=0, folded="do", defaults={"name": "Đo", "sort_key": "do"})
    PaperPlan.objects.create(round=of, shuffles_questions=False, shuffles_options=False, frozen_at=timezone.now())
    for number in range(1, QUESTIONS + 1):
        question = Question.objects.create(
            owner_id=0, category=category, folded="cau", written_by_id=0, written_by_name="đo", status="checked"
        )
        version = QuestionVersion.objects.create(
            question=question,
            number=1,
            kind="single",
            text=f"Câu hỏi số {number} để đo tốc độ có độ dài như một câu hỏi thật trong cuộc thi?",
            options=[{"text": f"Phương án {place}", "right": place == 0} for place in range(OPTIONS)],
            key=1,
            written_by_id=0,
            written_by_name="đo",
        )
        RoundQuestion.objects.create(round=of, number=number, version=version, key=1)


def _sign_up(contest: int, people: int, serial: str) -> int:
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contests_contestunit (contest_id, code, name, kind, path, folded, sort_key, head_count)
            SELECT %(contest)s, 'U' || n, 'Đảng bộ ' || n, '', 'Đảng bộ ' || n, 'dang bo ' || n, 'dang bo ' || n, 500
            FROM generate_series(1, %(units)s) n
            """,
            {"contest": contest, "units": UNITS},
        )
        cursor.execute("UPDATE contests_contestunit SET compared_id = id WHERE contest_id = %s", [contest])
        columns = _columns(cursor, "contests_entrant")
        given = {
            "contest_id": "%(contest)s",
            "number": "n",
            "code_digest": "md5(%(serial)s || n) || md5(n || %(serial)s)",
            "code_issued_at": "now()",
            "full_name": "'Người thi ' || n",
            "folded": "'nguoi thi ' || n",
            "sort_key": "'nguoi thi ' || n",
            "unit_id": "(SELECT min(id) FROM contests_contestunit WHERE contest_id = %(contest)s) + n %% %(units)s",
            "consented_at": "now()",
            "status": "'active'",
            "signed_up_at": "now()",
            "birth_year": "1950 + n %% 60",
        }
        values = [given.get(name, blank) for name, blank in columns.items()]
        cursor.execute(
            f"INSERT INTO contests_entrant ({', '.join(columns)}) SELECT {', '.join(values)} "
            "FROM generate_series(1, %(people)s) n ORDER BY n RETURNING id",
            {"contest": contest, "serial": serial, "units": UNITS, "people": people},
        )
        return int(cursor.fetchone()[0])


def _columns(cursor: object, table: str) -> dict[str, str]:
    """The columns of a table but its key, each with a blank of its type: columns may be added meanwhile."""
    cursor.execute(  # type: ignore[attr-defined]
        """SELECT column_name, CASE WHEN is_nullable = 'YES' THEN 'NULL' WHEN data_type LIKE '%%char%%' THEN ''''''
                                    WHEN data_type = 'boolean' THEN 'false' WHEN data_type = 'jsonb' THEN '''{}'''
                                    WHEN data_type LIKE 'timestamp%%' THEN 'now()' ELSE '0' END
           FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id' ORDER BY ordinal_position""",
        [table],
    )
    return dict(cursor.fetchall())  # type: ignore[attr-defined]


def start_papers(world: World, *, first: int, count: int) -> int:
    """Start the papers of people `first` to `first + count - 1` directly in the store; return the moment in ms."""
    started = int(time.time() * 1000)
    with connections[STORE].cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO arena_attempt (round_id, id, entrant_id, number, seed, questions, answers, seqs, started_at,
                                       deadline_at)
            SELECT %(round)s, (lpad(to_hex(%(round)s), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   %(first)s + n, 1, n + 1, array(SELECT generate_series(1, {QUESTIONS}))::smallint[],
                   array_fill(0::smallint, ARRAY[{QUESTIONS}]), array_fill(0, ARRAY[{QUESTIONS}]),
                   to_timestamp(%(started)s / 1000.0), to_timestamp(%(started)s / 1000.0 + {LIMIT_SECONDS})
            FROM generate_series(%(from)s, %(until)s) n
            """,
            {
                "round": world.round,
                "first": world.first_entrant,
                "from": first,
                "until": first + count - 1,
                "started": started,
            },
        )
        cursor.execute(
            """
            INSERT INTO arena_standing (round_id, entrant_id, used, open_attempt, open_until)
            SELECT round_id, entrant_id, 1, id, deadline_at FROM arena_attempt
            WHERE round_id = %s AND entrant_id >= %s AND entrant_id < %s
            """,
            [world.round, world.entrant(first), world.entrant(first + count)],
        )
        cursor.execute(f"ANALYZE arena_attempt_{world.round}, arena_standing_{world.round}")
    return started
