"""Writing questions: every change is a new version, and a checked question that is changed must be checked again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.facts import QuestionFacts, as_columns, from_columns
from langsen.contests.quizzes.models import Category, Question, QuestionVersion
from langsen.contests.quizzes.rules import SHORT_LENGTH, checked_facts, folded_of
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record, record_many
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.text import clean, fold, sort_key
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.services import check_unchanged

_BATCH = 1_000


@transaction.atomic(using=STORE)
def save_question(
    owner: OrgUnit, facts: QuestionFacts, *, question: Question | None = None, seen: datetime | None = None, by: User
) -> Question:
    """Write a new question into the bank of `owner`, or a new version of `question`.

    Versions never change, so papers that use one keep it. A change of a question that was checked or waits to be
    makes it "being written" again. Nothing is written when nothing changed. `seen` is when the form's question was
    last changed.

    Raises:
        NotAllowed: `by` does not write questions of that unit.
        BadInput: it cannot be asked as it stands; reasons by field.
        Conflict: somebody else changed it meanwhile, or it is out of use.
    """
    require(by, Permission.QUESTIONS_WRITE, owner)
    tidy = checked_facts(facts)
    category = _categories(owner.pk, [tidy.category])[fold(tidy.category or general_name())]
    if question is None:
        return _added(owner, category, tidy, by=by)
    current = Question.objects.select_for_update(of=("self",)).select_related("version", "category").get(pk=question.pk)
    check_unchanged(seen, current.changed_at)
    if current.status == QuestionStatus.RETIRED:
        raise Conflict(_("This question is out of use. Take it back into use first."))
    return _changed(current, category, tidy, by=by)


def _added(owner: OrgUnit, category: Category, facts: QuestionFacts, *, by: User) -> Question:
    question = Question.objects.create(
        owner_id=owner.pk,
        category=category,
        folded=folded_of(facts),
        written_by_id=by.pk,
        written_by_name=by.audit_name[:200],
    )
    question.version = _version(question, 1, facts, by=by)
    question.save(update_fields=["version"])
    record("question.added", question, by=by)
    return question


def _changed(current: Question, category: Category, facts: QuestionFacts, *, by: User) -> Question:
    before = current.version
    moved = current.category_id != category.pk
    rewritten = before is None or as_columns(facts) != _columns_of(before)
    if not moved and not rewritten:
        return current
    current.category = category
    current.folded = folded_of(facts)
    data: dict[str, object] = {}
    if moved:
        data["category"] = ["", category.name]
    if rewritten:
        number = before.number + 1 if before else 1
        current.version = _version(current, number, facts, by=by)
        data["version"] = [number - 1, number]
        current.status = QuestionStatus.DRAFT
        current.checked_by_id, current.checked_by_name, current.checked_at = None, "", None
    current.save()
    record("question.changed", current, by=by, data=data)
    return current


def _columns_of(version: QuestionVersion) -> dict[str, object]:
    return as_columns(from_columns(vars(version), category=""))


def _version(question: Question, number: int, facts: QuestionFacts, *, by: User) -> QuestionVersion:
    return QuestionVersion.objects.create(
        question=question,
        number=number,
        written_by_id=by.pk,
        written_by_name=by.audit_name[:200],
        **as_columns(facts),
    )


@transaction.atomic(using=STORE)
def add_questions(owner: OrgUnit, many: Sequence[QuestionFacts], *, by: User) -> list[Question]:
    """Write many new questions at once: imports and the demonstration. As `save_question`, all or none."""
    require(by, Permission.QUESTIONS_WRITE, owner)
    tidy = [checked_facts(facts) for facts in many]
    categories = _categories(owner.pk, [facts.category for facts in tidy])
    writer = {"written_by_id": by.pk, "written_by_name": by.audit_name[:200]}
    now = timezone.now()
    questions = Question.objects.bulk_create(
        [
            Question(
                owner_id=owner.pk,
                category=categories[fold(facts.category or general_name())],
                folded=folded_of(facts),
                created_at=now,
                **writer,
            )
            for facts in tidy
        ],
        batch_size=_BATCH,
    )
    versions = QuestionVersion.objects.bulk_create(
        [
            QuestionVersion(question=question, number=1, **writer, **as_columns(facts))
            for question, facts in zip(questions, tidy, strict=True)
        ],
        batch_size=_BATCH,
    )
    for question, version in zip(questions, versions, strict=True):
        question.version = version
    Question.objects.bulk_update(questions, ["version"], batch_size=_BATCH)
    record_many("question.added", questions, by=by)
    return questions


def general_name() -> str:
    """Return the name of the category of questions that name none."""
    return _("General questions")


def _categories(owner_id: int, names: Sequence[str]) -> dict[str, Category]:
    """Return the categories of a bank by folded name; those it does not have are made."""
    wanted = {fold(name): name for name in (name or general_name() for name in names)}
    found = {one.folded: one for one in Category.objects.filter(owner_id=owner_id, folded__in=wanted)}
    missing = [
        Category(owner_id=owner_id, name=name, folded=folded, sort_key=sort_key(name)[:900])
        for folded, name in wanted.items()
        if folded not in found
    ]
    if missing:
        Category.objects.bulk_create(missing, ignore_conflicts=True)
        found = {one.folded: one for one in Category.objects.filter(owner_id=owner_id, folded__in=wanted)}
    return found


@transaction.atomic(using=STORE)
def rename_category(category: Category, name: str, *, by: User) -> Category:
    """Give a category another name.

    Raises:
        NotAllowed: `by` does not write questions of that unit.
        BadInput: empty, too long, or another category of the bank is called that.
    """
    owner = OrgUnit.objects.get(pk=category.owner_id)
    require(by, Permission.QUESTIONS_WRITE, owner)
    wanted = clean(name)
    if not wanted or len(wanted) > SHORT_LENGTH:
        raise BadInput(_("Write a name of at most 200 letters."), fields={"name": _("Write a name.")})
    others = Category.objects.filter(owner_id=category.owner_id, folded=fold(wanted)).exclude(pk=category.pk)
    if others.exists():
        message = _("Another category is already called that.")
        raise BadInput(message, fields={"name": message})
    before = category.name
    category.name, category.folded, category.sort_key = wanted, fold(wanted), sort_key(wanted)[:900]
    category.save()
    record("category.renamed", category, by=by, unit_id=category.owner_id, data={"name": [before, wanted]})
    return category
