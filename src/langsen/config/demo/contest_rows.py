"""Rows of a contest put straight into the contest store: what the use cases would have left behind, without the hours.

Times are those of the story told, which no use case would accept. Large tables go by COPY.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from django.db import connections

from langsen.config.demo.contest_questions import DemoQuestion
from langsen.contests.arena.models import Standing
from langsen.contests.arena.services import prepare_round
from langsen.contests.arena.standings import StandingRow
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, ContestUnit, PrizeRule, Round
from langsen.contests.quizzes.enums import PaperMode, QuestionKind, QuestionStatus
from langsen.contests.quizzes.models import Category, DrawRule, PaperPlan, Question, QuestionVersion, RoundQuestion
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.core.copying import CopyValue
from langsen.foundation.core.text import fold, sort_key
from langsen.foundation.orgs.models import OrgUnit

CHECKER = "Người thẩm định của bản trình diễn"


def new_contest(organiser: OrgUnit, *, by: User, announced_at: datetime | None, **columns: object) -> Contest:
    """A contest of the organiser; being written while it is not announced."""
    contest = Contest(
        organiser_id=organiser.pk,
        organiser_code=organiser.code,
        organiser_name=organiser.name,
        status=ContestStatus.ANNOUNCED if announced_at else ContestStatus.DRAFT,
        frozen_at=announced_at,
        created_by_id=by.pk,
        created_by_name=by.audit_name,
    )
    for name, value in columns.items():
        setattr(contest, name, value)
    contest.save(force_insert=True)
    return contest


def new_round(contest: Contest, number: int, opens_at: datetime, closes_at: datetime, **columns: object) -> Round:
    """A round of it."""
    return Round.objects.create(
        contest=contest,
        number=number,
        title=str(columns.pop("title", f"Tuần {number}")),
        opens_at=opens_at,
        closes_at=closes_at,
        **columns,
    )


def add_prizes(contest: Contest, rows: Iterable[tuple[str, str, str, int]]) -> None:
    """Prize rules as (subject, scope, rank, count)."""
    PrizeRule.objects.bulk_create(
        PrizeRule(contest=contest, subject=subject, scope=scope, rank=rank, count=count)
        for subject, scope, rank, count in rows
    )


def add_unit(contest: Contest, code: str, name: str, kind: str, *, under: ContestUnit | None = None,
             source: OrgUnit | None = None) -> ContestUnit:  # fmt: skip
    """A unit of the contest's list, not yet stored: `add_units` does that. Without `under` it competes itself."""
    path = f"{name}, {under.path}" if under else name
    return ContestUnit(
        contest=contest,
        source_id=source.pk if source else None,
        code=code,
        name=name,
        kind=kind,
        path=path,
        folded=fold(f"{code} {path}"),
        sort_key=sort_key(path),
        parent=under,
    )


def add_units(levels: Sequence[Sequence[ContestUnit]]) -> None:
    """Store the units that compete, then those below them, level by level."""
    compared, *below = levels
    ContestUnit.objects.bulk_create(compared)
    for unit in compared:
        unit.compared = unit
    ContestUnit.objects.bulk_update(compared, ["compared"])
    for level in below:
        for unit in level:
            assert unit.parent is not None
            unit.compared = unit.parent.compared
        ContestUnit.objects.bulk_create(level)


def fill_bank(
    owner: OrgUnit,
    questions: Sequence[DemoQuestion],
    *,
    by: User,
    checked_at: datetime | None,
    status: QuestionStatus = QuestionStatus.CHECKED,
) -> list[QuestionVersion]:
    """Put questions into an office's bank, checked unless told, and return their versions in order."""
    return [_put_in_bank(owner, asked, by, checked_at, status) for asked in questions]


def _put_in_bank(
    owner: OrgUnit, asked: DemoQuestion, by: User, checked_at: datetime | None, status: QuestionStatus
) -> QuestionVersion:
    category, _made = Category.objects.get_or_create(
        owner_id=owner.pk,
        folded=fold(asked.theme),
        defaults={"name": asked.theme, "sort_key": sort_key(asked.theme)},
    )
    question = Question.objects.create(
        owner_id=owner.pk,
        category=category,
        status=status,
        folded=fold(" ".join((asked.text, *asked.answers))),
        written_by_id=by.pk,
        written_by_name=by.audit_name,
        checked_by_name=CHECKER if checked_at else "",
        checked_at=checked_at,
    )
    question.version = QuestionVersion.objects.create(
        question=question,
        number=1,
        kind=QuestionKind.SINGLE,
        text=asked.text,
        options=asked.options,
        key=asked.key,
        difficulty=asked.difficulty,
        theme=asked.theme,
        explanation=asked.explanation,
        source=asked.source,
        written_by_id=by.pk,
        written_by_name=by.audit_name,
    )
    question.save(update_fields=["version"])
    return question.version


def freeze_fixed_paper(
    of: Round, versions: Sequence[QuestionVersion], *, at: datetime, shuffles_questions: bool = True
) -> None:
    """Give the round these questions for everybody, the answers shuffled, and the arena's room for it."""
    PaperPlan.objects.create(round=of, frozen_at=at, shuffles_questions=shuffles_questions)
    RoundQuestion.objects.bulk_create(
        RoundQuestion(round=of, number=number, version=version, key=version.key)
        for number, version in enumerate(versions, start=1)
    )
    prepare_round(of)


def freeze_drawn_paper(of: Round, pools: Sequence[Sequence[QuestionVersion]], *, count: int, at: datetime) -> None:
    """Draw `count` questions of each of these pools (each of one category) for every paper, all in another order."""
    plan = PaperPlan.objects.create(round=of, mode=PaperMode.DRAWN, frozen_at=at)
    number = 0
    for position, versions in enumerate(pools, start=1):
        category = versions[0].question.category
        DrawRule.objects.create(plan=plan, position=position, category=category, count=count)
        for version in versions:
            number += 1
            RoundQuestion.objects.create(round=of, number=number, group=position, version=version, key=version.key)
    prepare_round(of)


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """COPY lines that are already in PostgreSQL's text format."""
    with (
        connections[STORE].cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for some in _batched(lines):
            copy.write("".join(some))


def _batched(lines: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """Give the lines some hundred at a time."""
    left = iter(lines)
    while some := list(islice(left, size)):
        yield some


def moment(ms: int) -> datetime:
    """The moment so many ms after 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


STANDING_COLUMNS = (
    "round_id", "entrant_id", "used", "submitted", "all_correct", "first_submitted_at", "first_all_correct_at",
    "counted", "correct", "duration_ms", "submitted_at", "is_phone", "key1", "key2", "key3", "key4",
)  # fmt: skip


def standing_row(round_id: int, counted: StandingRow) -> Standing:
    """A row of the arena's standings; every paper started was handed in."""
    first_right = counted.first_all_correct_ms
    key1, key2, key3, key4 = counted.keys
    return Standing(
        round_id=round_id,
        entrant_id=counted.entrant_id,
        used=counted.submitted,
        submitted=counted.submitted,
        all_correct=counted.all_correct,
        first_submitted_at=moment(counted.first_submitted_ms),
        first_all_correct_at=None if first_right is None else moment(first_right),
        counted=counted.counted,
        correct=counted.correct,
        duration_ms=counted.duration_ms,
        submitted_at=moment(counted.submitted_ms),
        is_phone=counted.is_phone,
        key1=key1,
        key2=key2,
        key3=key3,
        key4=key4,
    )


def standing_values(round_id: int, counted: StandingRow) -> list[CopyValue]:
    """The same row as values of `STANDING_COLUMNS`."""
    row = standing_row(round_id, counted)
    return [getattr(row, column) for column in STANDING_COLUMNS]
