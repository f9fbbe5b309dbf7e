"""A small contest for tests: made with plain rows, so that a test of one app needs no use case of another."""

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from langsen.contests.arena.models import Attempt
from langsen.contests.arena.services import prepare_round
from langsen.contests.contests.codes import digest_of
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, ContestUnit, Entrant, Round
from langsen.contests.quizzes.models import Category, PaperPlan, Question, QuestionVersion, RoundQuestion
from langsen.foundation.core.text import fold, person_sort_key, sort_key

_serial = itertools.count(1)


def a_contest(*, organiser_id: int = 1, **columns: Any) -> Contest:
    """An announced contest of the unit with that key."""
    serial = next(_serial)
    facts: dict[str, Any] = {
        "slug": f"cuoc-thi-{serial}",
        "title": f"Cuộc thi số {serial}",
        "organiser_id": organiser_id,
        "organiser_code": "DV1",
        "organiser_name": "Đảng ủy xã Bản Thử",
        "status": ContestStatus.ANNOUNCED,
        "frozen_at": timezone.now(),
        "created_by_id": 1,
        "created_by_name": "Ban Tổ chức",
    }
    return Contest.objects.create(**facts | columns)


def a_round(contest: Contest, *, opens_at: datetime | None = None, hours: float = 24, **columns: Any) -> Round:
    """A round that opened an hour ago unless told otherwise, with its partitions."""
    opens = opens_at or timezone.now() - timedelta(hours=1)
    number = columns.pop("number", contest.rounds.count() + 1)
    made = Round.objects.create(
        contest=contest,
        number=number,
        title=columns.pop("title", f"Tuần {number}"),
        opens_at=opens,
        closes_at=opens + timedelta(hours=hours),
        **columns,
    )
    prepare_round(made)
    return made


def questions_in(of: Round, *, count: int = 5, options: int = 4, owner_id: int = 1) -> list[RoundQuestion]:
    """A frozen fixed paper of single-choice questions; the right option of question n is (n - 1) % options."""
    category, _ = Category.objects.get_or_create(
        owner_id=owner_id, folded="chung", defaults={"name": "Chung", "sort_key": sort_key("Chung")}
    )
    PaperPlan.objects.create(round=of, frozen_at=timezone.now())
    made = []
    for number in range(1, count + 1):
        right = (number - 1) % options
        question = Question.objects.create(
            owner_id=owner_id, category=category, folded=f"cau {number}", written_by_id=1, written_by_name="Người soạn"
        )
        version = QuestionVersion.objects.create(
            question=question,
            number=1,
            kind="single",
            text=f"Câu hỏi số {number}?",
            options=[{"text": f"Phương án {place}", "right": place == right} for place in range(options)],
            key=1 << right,
            written_by_id=1,
            written_by_name="Người soạn",
        )
        question.version = version
        question.status = "checked"
        question.save()
        made.append(RoundQuestion.objects.create(round=of, number=number, version=version, key=version.key))
    return made


def a_unit(contest: Contest, name: str, *, under: ContestUnit | None = None, **columns: Any) -> ContestUnit:
    """A unit of the contest's list; directly under the organiser it competes itself."""
    path = f"{name}, {under.name}" if under else name
    made = ContestUnit.objects.create(
        contest=contest,
        code=columns.pop("code", f"U{next(_serial)}"),
        name=name,
        path=path,
        folded=fold(path),
        sort_key=sort_key(name),
        parent=under,
        compared=under.compared if under else None,
        **columns,
    )
    if under is None:
        made.compared = made
        made.save()
    return made


def an_entrant(contest: Contest, name: str = "Lò Thị Mai", *, code: str | None = None, **columns: Any) -> Entrant:
    """Somebody who signed up; `code` is the personal code, made up when not given."""
    now = timezone.now()
    return Entrant.objects.create(
        contest=contest,
        number=columns.pop("number", contest.entrants.count() + 1),
        code_digest=digest_of(code or uuid.uuid4().hex),
        code_issued_at=now,
        consented_at=now,
        full_name=name,
        folded=fold(name),
        sort_key=person_sort_key(name),
        **columns,
    )


def an_attempt(of: Round, entrant: Entrant, *, answers: list[int], **columns: Any) -> Attempt:
    """A handed-in attempt on the fixed paper in its own order; `answers` are masks, `correct` is given or 0."""
    started = columns.pop("started_at", of.opens_at + timedelta(minutes=1))
    facts: dict[str, Any] = {
        "id": uuid.uuid4(),
        "number": Attempt.objects.filter(round=of, entrant=entrant).count() + 1,
        "seed": next(_serial),
        "questions": list(range(1, len(answers) + 1)),
        "answers": answers,
        "seqs": [1] * len(answers),
        "started_at": started,
        "deadline_at": started + timedelta(minutes=10),
        "submitted_at": started + timedelta(minutes=5),
        "duration_ms": 300_000,
        "correct": 0,
    }
    return Attempt.objects.create(round=of, entrant=entrant, **facts | columns)
