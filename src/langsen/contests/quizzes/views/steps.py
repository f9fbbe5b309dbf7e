"""The steps of questions: one at a time from its page, many at once from the list."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from langsen.contests.quizzes import services
from langsen.contests.quizzes.forms import ReturnForm
from langsen.contests.quizzes.models import Question
from langsen.contests.quizzes.queries.bank import owner_of, question_for, questions_for
from langsen.contests.quizzes.views.bank import require_bank
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import number_text
from langsen.registers.kit import views as kit

MOST_AT_ONCE = 200


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the question is ready to be checked."""
    question = question_for(kit.signed_in(request), pk)
    services.send_to_check(question, by=kit.signed_in(request))
    messages.success(request, _("The question waits to be checked by somebody else."))
    return redirect(question)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the version that was read right."""
    question = question_for(kit.signed_in(request), pk)
    services.check_question(question, version=_number(request.POST.get("version", "")), by=kit.signed_in(request))
    messages.success(request, _("The question is checked and may be used."))
    return redirect(question)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to be mended, then give the question back to its writer."""
    user = kit.signed_in(request)
    question = question_for(user, pk)
    form = ReturnForm(request.POST if request.method == "POST" else None)

    def step() -> bool:
        services.return_question(question, note=form.cleaned_data["note"], by=user)
        return True

    if kit.attempt(form, step):
        messages.success(request, _("The question is back with its writer."))
        return redirect(question)
    values = {
        "title": _("Give the question back: %(question)s") % {"question": question},
        "action": _("Give back"),
        "cancel_href": question.get_absolute_url(),
    }
    return kit.draw(request, "ui/confirm.html", form, values)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the question out of use."""
    user = kit.signed_in(request)
    question = question_for(user, pk)
    if request.method == "POST":
        services.retire_question(question, by=user)
        messages.success(request, _("The question is out of use."))
        return redirect(question)
    require(user, Permission.QUESTIONS_WRITE, owner_of(question))
    values = {
        "title": _("Take out of use: %(question)s") % {"question": question},
        "consequences": [
            _("No new paper takes it."),
            _("Papers that are frozen keep it; it can be taken back into use and checked again."),
        ],
        "action": _("Take out of use"),
        "cancel_href": question.get_absolute_url(),
    }
    return render(request, "ui/confirm.html", values)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the question back into use, to be checked again."""
    question = question_for(kit.signed_in(request), pk)
    services.restore_question(question, by=kit.signed_in(request))
    messages.success(request, _("The question is being written again."))
    return redirect(question)


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Send or check the questions ticked on the list; each is named with the version that was shown."""
    user = kit.signed_in(request)
    require_bank(user)
    ticked = _ticked(request.POST.getlist("question"))
    found = list(questions_for(user).filter(pk__in=ticked))
    done = services.step_many(found, _step(request.POST.get("action", ""), ticked, user))
    if done.count:
        messages.success(request, _("Done for %(count)s questions.") % {"count": number_text(done.count)})
    for question, reason in done.left[:5]:
        messages.warning(request, f"{question}: {reason}")
    if len(done.left) > 5:
        more = {"count": number_text(len(done.left) - 5)}
        messages.warning(request, _("%(count)s more questions stayed as they were.") % more)
    query = request.GET.urlencode()
    list_page = redirect("quizzes:questions")
    if query:
        list_page["Location"] += f"?{query}"
    return list_page


def _step(action: str, ticked: dict[int, int], user: User) -> Callable[[Question], None]:
    if action == "send":
        return lambda question: services.send_to_check(question, by=user)
    if action == "check":
        return lambda question: services.check_question(question, version=ticked[question.pk], by=user)
    raise BadInput(_("This step does not exist."))


def _ticked(values: list[str]) -> dict[int, int]:
    """Read "12:3", question 12 in version 3."""
    if not values:
        raise BadInput(_("Tick the questions first."))
    if len(values) > MOST_AT_ONCE:
        raise BadInput(_("At most %(most)s questions at once.") % {"most": MOST_AT_ONCE})
    pairs = (value.partition(":") for value in values)
    return {_number(pk): _number(version) for pk, _colon, version in pairs}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise BadInput(_("This step does not exist."))
    return int(text)
