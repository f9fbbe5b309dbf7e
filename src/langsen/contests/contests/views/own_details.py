"""What is held about me: entrants see it with their code, put it right, take consent back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from langsen.contests.contests.consents import asked_fields
from langsen.contests.contests.forms.public import CodeForm, MineForm
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.queries.public import is_open_for_sign_up, public_contest
from langsen.contests.contests.services.own_details import choose_publishing, correct_own_details
from langsen.contests.contests.views import cookies
from langsen.contests.contests.views.entering import entrant_of, wrong_code
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.refusals import show_refusal


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, slug: str) -> HttpResponse:
    """What is held about me; first the code is asked for."""
    contest = public_contest(slug)
    entrant = cookies.details_of(request, contest)
    if entrant is None:
        return _ask_code(request, contest)
    if request.method == "POST" and "code" not in request.POST:
        return _change(request, contest, entrant)
    return _page(request, contest, entrant, MineForm(entrant))


def _ask_code(request: HttpRequest, contest: Contest) -> HttpResponse:
    posted = request.method == "POST" and "code" in request.POST
    form = CodeForm(request.POST if posted else None)
    if not posted:
        return render(request, "contests/public/ask_code.html", {"contest": contest, "form": form})
    entrant = entrant_of(request, contest, form)
    if entrant is None:
        return wrong_code(request, "contests/public/ask_code.html", contest, form)
    response = redirect("contests:mine", slug=contest.slug)
    cookies.open_details(response, entrant)
    return response


def _change(request: HttpRequest, contest: Contest, entrant: Entrant) -> HttpResponse:
    form = MineForm(entrant, request.POST)
    if "find" in request.POST or not form.is_valid():
        if "find" in request.POST:
            form.errors.clear()
        return _page(request, contest, entrant, form, status=200 if "find" in request.POST else 422)
    data = form.cleaned_data
    now = timezone.now()
    try:
        if is_open_for_sign_up(contest, now):
            correct_own_details(
                entrant,
                full_name=data["full_name"],
                phone=data.get("phone", ""),
                unit_id=data.get("unit"),
                at=now,
            )
    except BadInput as error:
        show_refusal(form, error)
        return _page(request, contest, entrant, form, status=422)
    choose_publishing(entrant, agrees=data["may_publish_name"], at=now)
    messages.success(request, _("Your details are saved."))
    return redirect("contests:mine", slug=contest.slug)


def _page(
    request: HttpRequest, contest: Contest, entrant: Entrant, form: MineForm, *, status: int = 200
) -> HttpResponse:
    values = {
        "contest": contest,
        "entrant": entrant,
        "form": form,
        "picker": form.unit_values() if "unit_search" in form.fields else None,
        "purposes": {field.value: purpose for field, purpose in asked_fields(contest)},
        "consents": entrant.consents.select_related("text"),
        "correctable": is_open_for_sign_up(contest, timezone.now()) and entrant.forgotten_at is None,
        "htmx_wanted": "unit_search" in form.fields,
    }
    return render(request, "contests/public/mine.html", values, status=status)


@login_not_required
@require_POST
def close_mine(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """Leave: the next one at this device sees nothing of it."""
    contest = public_contest(slug)
    response = redirect("contests:public_contest", slug=slug)
    cookies.close_details(response, contest)
    return response
