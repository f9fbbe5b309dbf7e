"""The question bank as somebody may see it: of the units where they write or check questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from langsen.contests.contests.models import Contest, Round
from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.likeness import Bank
from langsen.contests.quizzes.models import Category, Question, QuestionVersion, RoundQuestion
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit

SORTS: Mapping[str, tuple[str, ...]] = {
    "number": ("pk",),
    "category": ("category__sort_key", "pk"),
    "difficulty": ("version__difficulty", "pk"),
    "changed": ("changed_at", "pk"),
}
_BANK = (Permission.QUESTIONS_WRITE, Permission.QUESTIONS_CHECK)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; `contest_id` is one the question is used in."""

    text: str = ""
    owner_id: int | None = None
    category_id: int | None = None
    status: str = ""
    difficulty: int | None = None
    theme: str = ""
    contest_id: int | None = None


def owner_ids(user: User, *permissions: Permission) -> frozenset[int]:
    """Return the keys of the units with a bank where `user` has any of `permissions` (by default: writes or checks)."""
    known = set(Category.objects.order_by().values_list("owner_id", flat=True).distinct())
    found: set[int] = set()
    for permission in permissions or _BANK:
        found |= set(units_where(user, permission).filter(pk__in=known).values_list("pk", flat=True))
    return frozenset(found)


def owners_of(user: User) -> list[OrgUnit]:
    """Return the units whose banks `user` may read, the highest first."""
    units = OrgUnit.objects.filter(pk__in=owner_ids(user)).select_related("kind")
    return list(units.order_by("kind__level", "sort_key", "id"))


def questions_for(user: User, filters: Filters | None = None) -> QuerySet[Question]:
    """Return the questions `user` may read, newest first, narrowed."""
    rows = Question.objects.filter(owner_id__in=owner_ids(user)).select_related("category", "version")
    return _narrowed(rows, filters or Filters()).order_by("-pk")


def question_for(user: User, pk: int) -> Question:
    """Return a question `user` may read.

    Raises:
        NotFound: there is none, or not for them.
    """
    question = questions_for(user).filter(pk=pk).first()
    if question is None:
        raise NotFound
    return question


def owner_of(question: Question) -> OrgUnit:
    """Return the unit whose bank holds the question; from the other store.

    Raises:
        NotFound: the registers do not know it (any more).
    """
    unit = OrgUnit.objects.filter(pk=question.owner_id).first()
    if unit is None:
        raise NotFound
    return unit


def _narrowed(rows: QuerySet[Question], filters: Filters) -> QuerySet[Question]:
    for word in fold(filters.text).split():
        rows = rows.filter(folded__contains=word)
    exact = {
        "owner_id": filters.owner_id,
        "category_id": filters.category_id,
        "status": filters.status,
        "version__difficulty": filters.difficulty,
        "version__theme": filters.theme,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.contest_id:
        uses = RoundQuestion.objects.filter(version__question=OuterRef("pk"), round__contest=filters.contest_id)
        rows = rows.filter(Exists(uses))
    return rows


def categories_for(user: User) -> QuerySet[Category]:
    """Return the categories of the banks `user` may read, bank by bank."""
    return Category.objects.filter(owner_id__in=owner_ids(user)).order_by("owner_id", "sort_key", "id")


def themes_for(user: User) -> list[str]:
    """Return the themes questions carry, in order."""
    rows = questions_for(user).exclude(version__theme="").order_by("version__theme")
    return list(rows.values_list("version__theme", flat=True).distinct())


def contests_using(user: User) -> QuerySet[Contest]:
    """Return the contests in which questions of the reader's banks are used."""
    uses = RoundQuestion.objects.filter(round__contest=OuterRef("pk"), version__question__owner_id__in=owner_ids(user))
    return Contest.objects.filter(Exists(uses)).order_by("-id")


def rounds_using(question: Question) -> QuerySet[Round]:
    """Return the rounds whose papers hold any version of the question, newest first."""
    uses = RoundQuestion.objects.filter(round=OuterRef("pk"), version__question=question)
    return Round.objects.filter(Exists(uses)).select_related("contest", "paper_plan").order_by("-opens_at", "-id")


def secret_uses(questions: Iterable[Question]) -> dict[int, list[str]]:
    """Return, by question, the rounds not yet closed whose frozen paper holds it: its key is secret until then."""
    rows = (
        RoundQuestion.objects.filter(version__question__in=[question.pk for question in questions])
        .filter(round__closes_at__gt=timezone.now())
        .exclude(round__paper_plan__frozen_at=None)
        .order_by("round_id")
        .values_list("version__question_id", "round__contest__title", "round__title")
    )
    found: dict[int, list[str]] = {}
    for question_id, contest, of in rows:
        found.setdefault(question_id, []).append(f"{contest} · {of}")
    return found


def versions_of(question: Question) -> QuerySet[QuestionVersion]:
    """Return every wording the question had, newest first."""
    return QuestionVersion.objects.filter(question=question).order_by("-number")


def likeness_of(owner_id: int, *, leave: int | None = None) -> Bank:
    """Return the bank of a unit ready for comparison, without question `leave` and those out of use."""
    rows = Question.objects.filter(owner_id=owner_id).exclude(status=QuestionStatus.RETIRED).exclude(version=None)
    if leave is not None:
        rows = rows.exclude(pk=leave)
    kept = rows.order_by("pk").values_list("pk", "version__text", "version__options")
    return Bank((pk, text, [str(option["text"]) for option in options]) for pk, text, options in kept)


def like_questions(question: Question) -> list[Question]:
    """Return questions of the same bank that read nearly the same, the likest first."""
    version = question.version
    if version is None:
        return []
    texts = [str(option["text"]) for option in version.options]
    keys = likeness_of(question.owner_id, leave=question.pk).like(version.text, texts)
    found = {one.pk: one for one in Question.objects.filter(pk__in=keys).select_related("version", "category")}
    return [found[key] for key in keys if key in found]


def counted_categories(user: User) -> QuerySet[Category]:
    """Return the categories `user` may read with `total` and `checked`, how many questions they hold."""
    checked = Count("questions", filter=Q(questions__status=QuestionStatus.CHECKED))
    return categories_for(user).annotate(total=Count("questions"), checked=checked)
