"""The pages of the question bank: list, one question, writing, versions, categories, export."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from langsen.contests.quizzes import services
from langsen.contests.quizzes.enums import Difficulty, QuestionKind, QuestionStatus
from langsen.contests.quizzes.exports import FORMATS, MOST_QUESTIONS, facts_in
from langsen.contests.quizzes.facts import LETTERS
from langsen.contests.quizzes.forms import CategoryForm, QuestionFilter, QuestionForm
from langsen.contests.quizzes.models import Category, Question
from langsen.contests.quizzes.queries import bank
from langsen.contests.quizzes.queries.versions import differences
from langsen.contests.quizzes.register import QUESTIONS
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, is_allowed, require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, NotAllowed, NotFound
from langsen.foundation.core.text import number_text
from langsen.foundation.core.web import page_of
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit import views as kit
from langsen.registers.kit.queries import history_lines, in_order


def require_bank(user: User) -> None:
    """Refuse whoever neither writes nor checks questions anywhere.

    Raises:
        NotAllowed: said in words.
    """
    if not any(has_permission_somewhere(user, one) for one in (Permission.QUESTIONS_WRITE, Permission.QUESTIONS_CHECK)):
        raise NotAllowed(_("You have not been given the right to read the question bank of any unit."))


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """The questions of the reader's banks, narrowed by the address; no keys."""
    user = kit.signed_in(request)
    require_bank(user)
    form = QuestionFilter(request.GET, user=user)
    rows = in_order(bank.questions_for(user, form.filters()), request.GET.get("sort", ""), bank.SORTS)
    values: dict[str, Any] = {
        "title": QUESTIONS.title,
        "form": form,
        "page": page_of(request, rows),
        "query": request.GET.urlencode(),
        "may_write": has_permission_somewhere(user, Permission.QUESTIONS_WRITE),
        "may_check": has_permission_somewhere(user, Permission.QUESTIONS_CHECK),
        "formats": list(FORMATS.values()),
        "owners": {unit.pk: unit.name for unit in bank.owners_of(user)},
    }
    return render(request, "quizzes/questions.html", values)


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of the list with their keys, as a file; questions on a paper not yet over are recorded."""
    user = kit.signed_in(request)
    require_bank(user)
    format_ = FORMATS.get(code)
    if format_ is None:
        raise NotFound
    form = QuestionFilter(request.GET, user=user)
    rows = bank.questions_for(user, form.filters()).exclude(version=None)
    questions = list(rows[: MOST_QUESTIONS + 1])
    if len(questions) > MOST_QUESTIONS:
        most = {"most": number_text(MOST_QUESTIONS)}
        raise BadInput(_("These are more than %(most)s questions. Narrow the list and export it in parts.") % most)
    content = format_.write(questions)
    services.record_reading(questions, exported=format_.code, by=user)
    response = HttpResponse(content, content_type=format_.content_type)
    name = quote(format_.file_name)
    response["Content-Disposition"] = f"attachment; filename=\"questions\"; filename*=UTF-8''{name}"
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def add_page(request: HttpRequest) -> HttpResponse:
    """Write a new question into the bank of a unit."""
    unit = kit.unit_to_record_for(request, QUESTIONS)
    title = _("Write a question")
    if unit is None:
        return kit.choose_unit_page(request, QUESTIONS, title=title)
    initial = {"kind": QuestionKind.SINGLE, "difficulty": Difficulty.MEDIUM}
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial)
    user = kit.signed_in(request)
    question = kit.attempt(form, lambda: services.save_question(unit, form.facts(), by=user))
    if question is not None:
        return _saved(request, question)
    values = {"title": title, "unit": unit, "back_href": QUESTIONS.list_href, **_known(unit.pk, user)}
    return kit.draw(request, "quizzes/write.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a question: a new version of it."""
    user = kit.signed_in(request)
    question = bank.question_for(user, pk)
    unit = bank.owner_of(question)
    require(user, Permission.QUESTIONS_WRITE, unit)
    services.record_reading([question], by=user)
    initial = QuestionForm.initial_of(question, facts_in(question))
    form = QuestionForm(request.POST if request.method == "POST" else None, initial=initial)
    changed = kit.attempt(
        form,
        lambda: services.save_question(unit, form.facts(), question=question, seen=form.cleaned_data["seen"], by=user),
    )
    if changed is not None:
        return _saved(request, changed)
    values = {
        "title": _("Change the question"),
        "unit": unit,
        "record": question,
        "was_checked": question.status == QuestionStatus.CHECKED,
        "back_href": question.get_absolute_url(),
        **_known(unit.pk, user),
        **kit.stands_now(form, question),
    }
    return kit.draw(request, "quizzes/write.html", form, values)


def _saved(request: HttpRequest, question: Question) -> HttpResponse:
    messages.success(request, _("The question is saved."))
    if like := bank.like_questions(question):
        numbers = ", ".join(str(one.pk) for one in like)
        messages.warning(request, _("It reads nearly the same as question no. %(numbers)s.") % {"numbers": numbers})
    return redirect(question)


def _known(owner_id: int, user: User) -> dict[str, Any]:
    """What the form offers to choose from while typing."""
    categories = Category.objects.filter(owner_id=owner_id).order_by("sort_key", "id")
    return {"categories": categories, "themes": bank.themes_for(user)}


@require_safe
def question_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its key, as the entrant sees it, its steps, where it is used, what was done to it."""
    user = kit.signed_in(request)
    question = bank.question_for(user, pk)
    unit = bank.owner_of(question)
    secret = services.record_reading([question], by=user)
    facts = facts_in(question)
    values = {
        "record": question,
        "facts": facts,
        "lettered": list(zip(LETTERS, facts.options, strict=False)),
        "shown": [option.text for option in facts.options],
        "unit": unit,
        "secret": secret.get(question.pk, []),
        "like": bank.like_questions(question),
        "uses": bank.rounds_using(question),
        "history": history_lines(question, words={"version": None}),
        **_steps(question, unit, user),
    }
    return render(request, "quizzes/question.html", values)


def _steps(question: Question, unit: OrgUnit, user: User) -> dict[str, Any]:
    writer = is_allowed(user, Permission.QUESTIONS_WRITE, unit)
    checker = is_allowed(user, Permission.QUESTIONS_CHECK, unit)
    waits = question.status == QuestionStatus.TO_CHECK
    own = question.version is not None and question.version.written_by_id == user.pk
    return {
        "may_change": writer and question.status != QuestionStatus.RETIRED,
        "may_send": writer and question.status == QuestionStatus.DRAFT,
        "may_check": checker and waits and not own,
        "may_return": checker and waits,
        "waits_for_others": checker and waits and own,
        "may_restore": writer and question.status == QuestionStatus.RETIRED,
    }


@require_safe
def versions_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every wording the question had, and what changed from one to the next."""
    user = kit.signed_in(request)
    question = bank.question_for(user, pk)
    services.record_reading([question], by=user)
    versions = list(bank.versions_of(question))
    older = [*versions[1:], None]
    steps = [
        {"version": newer, "differences": differences(before, newer) if before else []}
        for newer, before in zip(versions, older, strict=True)
    ]
    return render(request, "quizzes/versions.html", {"record": question, "steps": steps})


@require_safe
def categories_page(request: HttpRequest) -> HttpResponse:
    """The categories of the reader's banks, with how many questions each holds."""
    user = kit.signed_in(request)
    require_bank(user)
    writes = bank.owner_ids(user, Permission.QUESTIONS_WRITE)
    rows = bank.counted_categories(user)
    values = {
        "title": _("Categories"),
        "page": page_of(request, rows),
        "owners": {unit.pk: unit.name for unit in bank.owners_of(user)},
        "writes": writes,
    }
    return render(request, "quizzes/categories.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def rename_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a category another name."""
    user = kit.signed_in(request)
    category = bank.categories_for(user).filter(pk=pk).first()
    if category is None:
        raise NotFound
    require(user, Permission.QUESTIONS_WRITE, OrgUnit.objects.get(pk=category.owner_id))
    form = CategoryForm(request.POST if request.method == "POST" else None, initial={"name": category.name})
    done = kit.attempt(form, lambda: services.rename_category(category, form.cleaned_data["name"], by=user))
    if done is not None:
        messages.success(request, _("The category has its new name."))
        return redirect("quizzes:categories")
    values = {
        "title": _("Rename the category: %(name)s") % {"name": category.name},
        "action": _("Rename"),
        "cancel_href": reverse("quizzes:categories"),
    }
    return kit.draw(request, "ui/confirm.html", form, values)
