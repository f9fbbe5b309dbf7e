"""The steps of a question: written, to be checked, checked by somebody else than its writer, out of use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.models import Question
from langsen.contests.quizzes.queries.bank import owner_of
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict, LangsenError, NotAllowed
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import clean

NOTE_LENGTH = 500


@transaction.atomic(using=STORE)
def send_to_check(question: Question, *, by: User) -> None:
    """Say that the question is ready to be checked.

    Raises:
        NotAllowed: `by` does not write questions of that unit.
        Conflict: it is not being written.
    """
    require(by, Permission.QUESTIONS_WRITE, owner_of(question))
    transition(question, QuestionStatus.TO_CHECK, note="", changed_at=timezone.now())
    record("question.sent", question, by=by)


@transaction.atomic(using=STORE)
def check_question(question: Question, *, version: int, by: User) -> None:
    """Find the question right as it stands in version number `version`, the one that was read.

    Raises:
        NotAllowed: `by` does not check questions of that unit, or wrote this version.
        Conflict: it does not wait to be checked, or was changed after it was read.
    """
    require(by, Permission.QUESTIONS_CHECK, owner_of(question))
    current = _locked(question)
    newest = current.version
    if newest is None or newest.number != version:
        raise Conflict(_("The question has been changed since you read it. Read it again, then check it."))
    if newest.written_by_id == by.pk:
        raise NotAllowed(_("Somebody else than the writer checks a question."))
    facts = {"checked_by_id": by.pk, "checked_by_name": by.audit_name[:200], "checked_at": timezone.now()}
    transition(question, QuestionStatus.CHECKED, note="", changed_at=timezone.now(), **facts)
    record("question.checked", question, by=by, data={"version": version})


@transaction.atomic(using=STORE)
def return_question(question: Question, *, note: str, by: User) -> None:
    """Give a question that waits to be checked back to its writer, saying what is to be mended.

    Raises:
        NotAllowed: `by` does not check questions of that unit.
        BadInput: nothing is said.
        Conflict: it does not wait to be checked.
    """
    require(by, Permission.QUESTIONS_CHECK, owner_of(question))
    words = clean(note)
    if not words or len(words) > NOTE_LENGTH:
        message = _("Say in at most 500 letters what is to be mended.")
        raise BadInput(message, fields={"note": message})
    if _locked(question).status != QuestionStatus.TO_CHECK:
        raise Conflict(_("This question does not wait to be checked."))
    transition(question, QuestionStatus.DRAFT, note=words, changed_at=timezone.now())
    record("question.returned", question, by=by, data={"note": ["", words]})


@transaction.atomic(using=STORE)
def retire_question(question: Question, *, by: User) -> None:
    """Take a question out of use: no new paper takes it; papers that hold it keep it.

    Raises:
        NotAllowed: `by` does not write questions of that unit.
        Conflict: it is out of use already.
    """
    require(by, Permission.QUESTIONS_WRITE, owner_of(question))
    transition(question, QuestionStatus.RETIRED, changed_at=timezone.now())
    record("question.retired", question, by=by)


@transaction.atomic(using=STORE)
def restore_question(question: Question, *, by: User) -> None:
    """Take a question back into use, as one being written: it is checked again.

    Raises:
        NotAllowed: `by` does not write questions of that unit.
        Conflict: it is not out of use.
    """
    require(by, Permission.QUESTIONS_WRITE, owner_of(question))
    if _locked(question).status != QuestionStatus.RETIRED:
        raise Conflict(_("This question is not out of use."))
    cleared = {"checked_by_id": None, "checked_by_name": "", "checked_at": None}
    transition(question, QuestionStatus.DRAFT, changed_at=timezone.now(), **cleared)
    record("question.restored", question, by=by)


@dataclass
class Done:
    """What a step on many questions did: how many went through, and why the others did not."""

    count: int = 0
    left: list[tuple[Question, str]] = field(default_factory=list)


def step_many(questions: Iterable[Question], step: Callable[[Question], None]) -> Done:
    """Do `step` on each question for itself; one that may not take it stays as it is, reported with the reason."""
    done = Done()
    for question in questions:
        try:
            step(question)
        except LangsenError as error:
            done.left.append((question, str(error.message)))
        else:
            done.count += 1
    return done


def _locked(question: Question) -> Question:
    return Question.objects.select_for_update(of=("self",)).select_related("version").get(pk=question.pk)
