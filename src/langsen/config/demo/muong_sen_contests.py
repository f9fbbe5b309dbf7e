"""Quizzes of invented Mường Sen, dated back from the day of loading: one open, one being judged, one being written."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from langsen.config.demo import spread
from langsen.config.demo.accounts import entrant_code_file, note
from langsen.config.demo.contest_questions import CALL, QUESTIONS, TEACHINGS, UNCHECKED
from langsen.config.demo.contest_rows import (
    add_prizes,
    add_unit,
    add_units,
    fill_bank,
    freeze_drawn_paper,
    freeze_fixed_paper,
    new_contest,
    new_round,
    standing_row,
)
from langsen.config.demo.names import person_name
from langsen.config.demo.worlds import Stage
from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.arena.standings import Row, standings_of
from langsen.contests.contests.codes import digest_of, new_code, shown
from langsen.contests.contests.enums import AskedField, ContestStatus, FlagKind, Prediction
from langsen.contests.contests.models import BarredPerson, Contest, ContestUnit, Entrant, EntrantFlag, Round
from langsen.contests.contests.services.signing_up import SignUpFacts, sign_up
from langsen.contests.quizzes.drawing import SEED_BITS, Pool, draw_paper
from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.grading import Key, correct_of
from langsen.contests.quizzes.models import QuestionVersion
from langsen.contests.quizzes.queries import keys_of, pool_of
from langsen.contests.results.services.prizes import propose_now
from langsen.contests.results.services.summaries import refresh_summaries
from langsen.contests.tallies.services import copy_tallies
from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgClosure, OrgPlacement, OrgUnit
from langsen.foundation.people.models import Membership

OPEN_SLUG = "muong-sen-lam-theo-loi-bac"
ORGANISER = "thi.tochuc"
_SHARES = (0.2, 0.35, 0.2, 0.15, 0.1)
_PRIZES = (
    ("person", "round", "first", 1),
    ("person", "round", "second", 2),
    ("person", "round", "third", 3),
    ("unit", "contest", "first", 1),
    ("unit", "contest", "second", 2),
)
_ASKS = {
    AskedField.PHONE.value: "liên hệ khi đạt giải",
    AskedField.BIRTH_YEAR.value: "điều kiện về tuổi, thống kê theo lứa tuổi",
    AskedField.UNIT.value: "xếp hạng tập thể",
}


def load(stage: Stage) -> None:
    """Load the three quizzes, unless the contest store has them, and note the code of the entrant anybody may be."""
    stage.say("MSE: quizzes")
    contest = Contest.objects.filter(slug=OPEN_SLUG).first()
    if contest is None:
        random = spread.seeded("muong-sen-contests")
        organiser, by = OrgUnit.objects.get(code="MSE"), User.objects.get(username=ORGANISER)
        now = timezone.now()
        versions = fill_bank(organiser, QUESTIONS, by=by, checked_at=now - timedelta(days=40))
        fill_bank(organiser, UNCHECKED, by=by, checked_at=None, status=QuestionStatus.TO_CHECK)
        judged = _judged(organiser, versions, random, now, by)
        contest = _open(organiser, versions, random, now, by)
        _being_written(organiser, now, by)
        _a_known_entrant(contest, stage, now)
        copy_tallies(judged.pk)
    copy_tallies(contest.pk)


def _at(now: datetime, days: int, hour: int) -> datetime:
    """So many days from the day of loading, on the hour."""
    day = timezone.localtime(now) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def _open(organiser: OrgUnit, versions: Sequence[QuestionVersion], random: Random, now: datetime, by: User) -> Contest:
    """Two weeks, the first under way: papers drawn, a number to predict, entrants, signs for a person to look at."""
    announced = _at(now, -8, 9)
    contest = new_contest(
        organiser,
        by=by,
        announced_at=announced,
        slug=OPEN_SLUG,
        title="Tìm hiểu Sáu điều Bác Hồ dạy Công an nhân dân và Lời kêu gọi thi đua ái quốc",
        purpose="Cuộc thi hư cấu của bản trình diễn, dành cho mọi người trong tỉnh Mường Sen.",
        themes=[TEACHINGS, CALL],
        asks=_ASKS,
        least_age=14,
        attempts_per_round=3,
        time_limit_seconds=600,
        prediction=Prediction.PEOPLE_ALL_CORRECT.value,
        ranking=["score", "prediction", "duration", "moment"],
        prize_cap_round=1,
        prize_cap_contest=1,
        contact="Ban Tuyên giáo và Dân vận Tỉnh ủy Mường Sen (hư cấu)",
    )
    add_prizes(contest, _PRIZES)
    halves = [[one for one in versions if one.theme == theme] for theme in (TEACHINGS, CALL)]
    under_way = new_round(contest, 1, _at(now, -3, 8), _at(now, 4, 22))
    to_come = new_round(contest, 2, _at(now, 5, 8), _at(now, 11, 22))
    for of in (under_way, to_come):
        freeze_drawn_paper(of, halves, count=5, at=announced)
    _bar(contest, by)
    entrants = _sign_ups(contest, _units(contest, organiser), random, announced, now, count=48)
    _sit(under_way, entrants[:40], random, until=now - timedelta(minutes=20))
    _raise_flags(entrants)
    refresh_summaries(contest, at=now)
    return contest


def _judged(
    organiser: OrgUnit, versions: Sequence[QuestionVersion], random: Random, now: datetime, by: User
) -> Contest:
    """One week that is over: prizes proposed by rule wait for the jury."""
    announced = _at(now, -36, 9)
    contest = new_contest(
        organiser,
        by=by,
        announced_at=announced,
        slug="muong-sen-thi-dua-ai-quoc",
        title="Tìm hiểu Lời kêu gọi thi đua ái quốc",
        purpose="Cuộc thi hư cấu của bản trình diễn: đã đóng, giải thưởng chờ Ban Giám khảo quyết định.",
        themes=[CALL],
        asks=_ASKS,
        attempts_per_round=1,
        counting="first",
        time_limit_seconds=480,
        prize_cap_round=1,
        contact="Ban Tuyên giáo và Dân vận Tỉnh ủy Mường Sen (hư cấu)",
    )
    add_prizes(contest, _PRIZES)
    week = new_round(contest, 1, _at(now, -24, 8), _at(now, -17, 22), closed_at=_at(now, -16, 0))
    freeze_fixed_paper(week, [one for one in versions if one.theme == CALL], at=announced)
    entrants = _sign_ups(contest, _units(contest, organiser), random, announced, week.closes_at, count=36)
    _sit(week, entrants, random, until=week.closes_at)
    refresh_summaries(contest, at=now)
    propose_now(contest)
    contest.status = ContestStatus.JUDGING
    contest.save(update_fields=["status"])
    return contest


def _being_written(organiser: OrgUnit, now: datetime, by: User) -> None:
    contest = new_contest(
        organiser,
        by=by,
        announced_at=None,
        slug="muong-sen-hoc-bac-nam-toi",
        title="Tìm hiểu về học tập và làm theo Bác (đang soạn)",
        purpose="Cuộc thi hư cấu của bản trình diễn: thể lệ đang soạn, chưa có đề.",
        asks=_ASKS,
        attempts_per_round=7,
    )
    new_round(contest, 1, _at(now, 30, 9), _at(now, 37, 22))


def _units(contest: Contest, organiser: OrgUnit) -> list[ContestUnit]:
    """The organisations below the organiser as they stand today; return those where people sign up."""
    day = today()
    below = OrgClosure.objects.filter(
        ancestor=organiser, during__contains=day, depth__gt=0, descendant__kind__is_board=False
    )
    rows = list(below.select_related("descendant__kind").order_by("depth", "descendant__code"))
    parents = dict(OrgPlacement.objects.filter(during__contains=day).values_list("org_unit", "parent"))
    members = Membership.objects.filter(during__contains=day, org_unit__in=[row.descendant_id for row in rows])
    heads: dict[int, int] = dict(members.values_list("org_unit").annotate(count=Count("person", distinct=True)))
    made: dict[int, ContestUnit] = {}
    levels: dict[int, list[ContestUnit]] = defaultdict(list)
    for row in rows:
        source = row.descendant
        above = made.get(parents[source.pk] or 0)
        unit = add_unit(contest, source.code, source.name, source.kind.name_vi, under=above, source=source)
        unit.head_count, unit.head_count_on = heads.get(source.pk, 0), day
        made[source.pk] = unit
        levels[row.depth].append(unit)
    for row in reversed(rows):  # the lowest first: each adds its people to the one above
        above = made.get(parents[row.descendant_id] or 0)
        if above is not None:
            above.head_count = (above.head_count or 0) + (made[row.descendant_id].head_count or 0)
    add_units([levels[depth] for depth in sorted(levels)])
    return [made[row.descendant_id] for row in rows if row.descendant.kind.is_cell]


def _bar(contest: Contest, by: User) -> None:
    for name, reason in (
        (by.audit_name, "Ban Tổ chức"),
        ("Triệu Quốc Doanh", "Ban Giám khảo"),
        ("Hà Thị Bun", "người soạn câu hỏi"),
    ):
        BarredPerson.objects.create(contest=contest, full_name=name, folded=fold(name), reason=reason)


def _sign_ups(
    contest: Contest, units: Sequence[ContestUnit], random: Random, since: datetime, until: datetime, *, count: int
) -> list[Entrant]:
    """People who signed up one by one between two moments; one of them twice, one on the list of organisers."""
    step = (until - since) / (count + 1)
    entrants: list[Entrant] = []
    for number in range(1, count + 1):
        name, phone = person_name(random, _SHARES)[0], f"0510{contest.pk % 100:02d}{number:04d}"
        if number == count // 2:
            name, phone = entrants[3].full_name, entrants[3].phone
        elif number == count // 3:
            name = "Hà Thị Bun"
        facts = SignUpFacts(
            full_name=name,
            phone=phone,
            birth_year=random.randint(1958, 2006),
            unit_id=random.choice(units).pk,
            agrees=True,
            may_publish_name=random.random() < 0.5,
        )
        at = since + step * number * random.uniform(0.9, 1.0)
        entrant, _code = sign_up(contest, facts, at=at)
        Entrant.objects.filter(pk=entrant.pk).update(signed_up_at=at)
        entrant.signed_up_at = at
        entrants.append(entrant)
    return entrants


def _a_known_entrant(contest: Contest, stage: Stage, now: datetime) -> None:
    """Somebody with a code that whoever looks at the demonstration is told: to sit the open quiz on a phone."""
    code = stage.entrant_code or new_code()
    unit = contest.units.filter(children=None).order_by("pk").first()
    facts = SignUpFacts(
        full_name="Lò Thị Trải Nghiệm",
        phone="0510999999",
        birth_year=1990,
        unit_id=unit.pk if unit else None,
        agrees=True,
    )
    entrant, _unknown = sign_up(contest, facts, at=now)
    Entrant.objects.filter(pk=entrant.pk).update(code_digest=digest_of(code))
    note(entrant_code_file(), f"{shown(code)}  /cuoc-thi/{OPEN_SLUG}/vao-thi/")


def _sit(of: Round, entrants: Sequence[Entrant], random: Random, *, until: datetime) -> None:
    """Attempts of a round as the arena would have written them: drawn from seeds, graded, with the standings."""
    contest, pool, keys = of.contest, pool_of(of), keys_of(of)
    attempts: list[Attempt] = []
    for entrant in entrants:
        knows = random.uniform(0.62, 1.0)
        at = max(of.opens_at, entrant.signed_up_at) + timedelta(seconds=random.randint(60, 3600))
        for number in range(1, random.randint(1, contest.attempts_per_round or 1) + 1):
            attempt = _attempt(of, entrant, number, at, knows, random, pool, keys)
            if attempt.submitted_at is None or attempt.submitted_at > until:
                break
            attempts.append(attempt)
            at = attempt.submitted_at + timedelta(seconds=random.randint(600, 80_000))
            knows = min(1.0, knows + 0.12)
    Attempt.objects.bulk_create(attempts)
    rows = [
        Row(one.id, one.entrant_id, one.correct or 0, one.duration_ms or 0, _ms(one.submitted_at), one.is_phone)
        for one in attempts
    ]
    standings = standings_of(rows, order=contest.ranking, counting=contest.counting, all_correct=pool.length)
    predicts = contest.prediction != Prediction.NONE
    made = [standing_row(of.pk, one) for one in standings.values()]
    for standing in made:
        if predicts:
            standing.prediction, standing.predicted_at = random.randint(8, 60), standing.first_submitted_at
    Standing.objects.bulk_create(made)


def _attempt(
    of: Round,
    entrant: Entrant,
    number: int,
    at: datetime,
    knows: float,
    random: Random,
    pool: Pool,
    keys: dict[int, Key],
) -> Attempt:
    seed = random.getrandbits(SEED_BITS)
    questions = draw_paper(pool, seed).questions
    answers = [
        keys[one].mask if random.random() < knows else 1 << random.randrange(pool.options[one]) for one in questions
    ]
    taken = random.randint(95_000, (of.contest.time_limit_seconds - 20) * 1000)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)  # the arena counts in ms
    done = at + timedelta(milliseconds=taken)
    return Attempt(
        round=of,
        id=UUID(int=random.getrandbits(128), version=4),
        entrant=entrant,
        number=number,
        seed=seed,
        questions=list(questions),
        answers=answers,
        seqs=list(range(1, len(answers) + 1)),
        started_at=at,
        deadline_at=at + timedelta(seconds=of.contest.time_limit_seconds),
        saved_at=done,
        submitted_at=done,
        duration_ms=taken,
        correct=correct_of(questions, answers, keys),
        is_phone=random.random() < 0.8,
    )


def _ms(moment: datetime | None) -> int:
    return round(moment.timestamp() * 1000) if moment else 0


def _raise_flags(entrants: Sequence[Entrant]) -> None:
    """What the job that looks for unusual signs would have raised."""
    for entrant, kind, about in (
        (entrants[5], FlagKind.TOO_FAST, "nộp bài sau 11 giây, nhanh hơn thời gian đọc đề"),
        (entrants[8], FlagKind.SHARED_DEVICE, "6 tài khoản trên cùng một thiết bị"),
        (entrants[9], FlagKind.SHARED_DEVICE, "6 tài khoản trên cùng một thiết bị"),
        (entrants[12], FlagKind.SAME_WRONG, "4 câu sai giống nhau với 3 bài khác"),
    ):
        EntrantFlag.objects.create(entrant=entrant, kind=kind, about=about, key="demo")
