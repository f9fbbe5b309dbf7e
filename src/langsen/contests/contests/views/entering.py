"""Signing up, the code shown once, entering by code."""

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from langsen.contests.contests.codes import shown
from langsen.contests.contests.enums import EntrantStatus, SignUp
from langsen.contests.contests.forms.public import AddressForm, CodeForm, SentCodeForm, SignUpForm, UnitFields
from langsen.contests.contests.limits import Limit, is_within
from langsen.contests.contests.models import Contest, Entrant
from langsen.contests.contests.queries.public import is_open_for_sign_up, public_contest
from langsen.contests.contests.queries.steps import arena_address
from langsen.contests.contests.services.confirming import (
    can_send,
    plain_address,
    prove_address,
    proven_address,
    send_code,
)
from langsen.contests.contests.services.signing_up import SignUpFacts, entrant_by_code, known_sign_ups, sign_up
from langsen.contests.contests.views import cookies
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.refusals import show_refusal

_MANY = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign up: only the asked fields; where the contest wants it, after a code sent to the address."""
    contest = public_contest(slug)
    if not is_open_for_sign_up(contest, timezone.now()):
        return render(request, "contests/public/no_sign_up.html", {"contest": contest, "why": "closed"})
    confirmed = ""
    if contest.sign_up != SignUp.OPEN:
        if not can_send(contest):
            return render(request, "contests/public/no_sign_up.html", {"contest": contest, "why": "sender"})
        confirmed = proven_address(contest, request.POST.get("proof", ""), at=timezone.now())
        if not confirmed:
            return _confirming(request, contest)
    return _signing_up(request, contest, confirmed, posted=request.method == "POST")


def _signing_up(
    request: HttpRequest, contest: Contest, confirmed: str, *, posted: bool, proof: str = ""
) -> HttpResponse:
    form = SignUpForm(contest, request.POST if posted else None, confirmed=confirmed)
    known: list[Entrant] = []
    status = 200
    if posted and "find" not in request.POST:
        status = 422
        if form.is_valid():
            facts = form.facts()
            try:
                known = _known(request, contest, facts, is_other=form.cleaned_data["is_other"])
                if not known:
                    entrant, code = _sign_up(contest, facts, confirmed)
                    return _welcomed(entrant, code)
            except BadInput as error:
                show_refusal(form, error)
    elif posted:  # the button “Search” without JavaScript: nothing else is judged yet
        form.errors.clear()
    values = {
        "contest": contest,
        "form": form,
        "picker": form.unit_values() if "unit_search" in form.fields else None,
        "known": known,
        "proof": proof or request.POST.get("proof", ""),
        "htmx_wanted": "unit_search" in form.fields,
    }
    return render(request, "contests/public/sign_up.html", values, status=status)


def _known(request: HttpRequest, contest: Contest, facts: SignUpFacts, *, is_other: bool) -> list[Entrant]:
    """Whom this would double, unless the person already said that it is somebody else."""
    if not is_within(Limit.SIGN_UP_ADDRESS, cookies.client_address(request), at=timezone.now()):
        raise BadInput(_("Very many are signing up from your network at this moment. Please try again in ten minutes."))
    return [] if is_other else known_sign_ups(contest, facts, at=timezone.now())


def _sign_up(contest: Contest, facts: SignUpFacts, confirmed: str) -> tuple[Entrant, str]:
    now = timezone.now()
    if facts.phone and not is_within(Limit.SIGN_UP_PHONE, f"{contest.pk} {facts.phone}", at=now):
        message = _("This phone was used for several sign-ups within an hour. Please wait, or ask the organiser.")
        raise BadInput(message, fields={"phone": message})
    return sign_up(contest, facts, at=now, confirmed=confirmed)


def _welcomed(entrant: Entrant, code: str) -> HttpResponse:
    response = redirect("contests:my_code", slug=entrant.contest.slug)
    cookies.keep_code(response, entrant, code)
    cookies.give_ticket(response, entrant, at=timezone.now())
    return response


def _confirming(request: HttpRequest, contest: Contest) -> HttpResponse:
    """Ask for the address, send the code, take the code; then the sign-up form."""
    posted = request.method == "POST"
    asking = AddressForm(contest, request.POST if posted else None)
    values: dict[str, object] = {"contest": contest, "form": asking}
    if not posted or not asking.is_valid():
        return render(request, "contests/public/address.html", values, status=422 if posted else 200)
    now = timezone.now()
    form: AddressForm | SentCodeForm = asking
    typed = "sent_code" in request.POST
    try:
        address = plain_address(contest, asking.cleaned_data["address"])
        if typed:
            form = SentCodeForm(request.POST)
            proof = prove_address(contest, address, request.POST["sent_code"][:40], at=now)
            return _signing_up(request, contest, address, posted=False, proof=proof)
        if not is_within(Limit.SENT_CODE_ADDRESS, cookies.client_address(request), at=now):
            raise BadInput(_("Very many codes were sent to your network at this moment. Please wait ten minutes."))
        send_code(contest, address, at=now)
    except BadInput as error:
        form.is_valid()
        show_refusal(form, error)
        template = "contests/public/sent_code.html" if typed else "contests/public/address.html"
        return render(request, template, values | {"form": form, "address": request.POST["address"]}, status=422)
    values |= {"form": SentCodeForm(), "address": address}
    return render(request, "contests/public/sent_code.html", values)


@login_not_required
@require_safe
def find_units(request: HttpRequest, slug: str) -> HttpResponse:
    """The units found while typing, for htmx."""
    contest = public_contest(slug)
    form = UnitFields(contest, request.GET)
    return render(request, "contests/public/unit_choices.html", {"contest": contest, "picker": form.unit_values()})


@login_not_required
@never_cache
@require_safe
def my_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The personal code that was just made, as text and square code; gone when put away or after twenty minutes."""
    contest = public_contest(slug)
    kept = cookies.kept_code(request, contest)
    entrant = contest.entrants.filter(pk=kept[0]).first() if kept else None
    if kept is None or entrant is None:
        return render(request, "contests/public/code_gone.html", {"contest": contest})
    code = shown(kept[1])
    # After the # the code stays in the browser: no server and no proxy writes it into a log.
    link = request.build_absolute_uri(reverse("contests:enter", args=[contest.slug])) + f"#{code}"
    picture = segno.make(link, error="m").svg_data_uri(scale=5, border=3, dark="#1b1d22", light="#ffffff")
    values = {"contest": contest, "entrant": entrant, "code": code, "picture": picture}
    values["doubles"] = entrant.flags.filter(kind="double").exists()
    return render(request, "contests/public/my_code.html", values)


@login_not_required
@require_POST
def put_code_away(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """The code was written down: it leaves this browser, and the quiz comes."""
    contest = public_contest(slug)
    response = redirect(arena_address(contest))
    cookies.drop_code(response, contest)
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter with the personal code: into the arena while the contest runs."""
    contest = public_contest(slug)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "contests/public/enter.html", {"contest": contest, "form": form})
    entrant = entrant_of(request, contest, form)
    if entrant is None:
        return wrong_code(request, "contests/public/enter.html", contest, form)
    if entrant.status == EntrantStatus.BARRED:
        return render(request, "contests/public/barred.html", {"contest": contest, "entrant": entrant}, status=403)
    now = timezone.now()
    if not is_open_for_sign_up(contest, now):
        messages.info(request, _("This contest is over."))
        return redirect("contests:public_contest", slug=contest.slug)
    response = redirect(arena_address(contest))
    cookies.give_ticket(response, entrant, at=now)
    return response


def entrant_of(request: HttpRequest, contest: Contest, form: CodeForm) -> Entrant | None:
    """Return whose code was typed; else the form says what is wrong. Wrong codes are counted by address."""
    if not form.is_valid():
        return None
    now, who = timezone.now(), f"{contest.pk} {cookies.client_address(request)}"
    if not is_within(Limit.WRONG_CODE_ADDRESS, who, at=now, counts=False):
        form.add_error("code", _("Too many wrong codes came from your network. Please wait ten minutes."))
        form.too_many = True
        return None
    entrant = entrant_by_code(contest, form.cleaned_data["code"])
    if entrant is None:
        is_within(Limit.WRONG_CODE_ADDRESS, who, at=now)
        form.add_error(
            "code", _("No sign-up of this contest has this code. Look at it letter by letter, or ask the organiser.")
        )
    return entrant


def wrong_code(request: HttpRequest, template: str, contest: Contest, form: CodeForm) -> HttpResponse:
    """The same page again, saying what is wrong."""
    status = _MANY if form.too_many else 422
    return render(request, template, {"contest": contest, "form": form}, status=status)
