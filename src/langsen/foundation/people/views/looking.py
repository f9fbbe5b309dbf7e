"""Looking: the roster, a person's page, what is masked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere, units_where
from langsen.foundation.accounts.requests import SignedIn
from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import changed_fields, verb_words
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.text import day_text
from langsen.foundation.core.web import page_of
from langsen.foundation.people import services
from langsen.foundation.people.enums import MembershipEnd
from langsen.foundation.people.forms import RosterFilter
from langsen.foundation.people.held import held_elsewhere
from langsen.foundation.people.masking import held_sensitive, masked_day, shown_days
from langsen.foundation.people.models import SENSITIVE_FIELDS, Person
from langsen.foundation.people.queries import corrections_for, people_for, person_for, roster_rows, with_today

_HISTORY = 30


def require_reader(request: SignedIn) -> None:
    """Refuse whoever reads no roster at all."""
    if not has_permission_somewhere(request.user, Permission.PEOPLE_READ):
        raise NotAllowed(_("You have not been given the right to see a roster."))


@require_safe
def roster(request: SignedIn) -> HttpResponse:
    """The people of my units, by given name."""
    require_reader(request)
    form = RosterFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = roster_rows(request.user, **asked)
    descending = request.GET.get("sort") == "-name"
    people = with_today(found.people, found.units).order_by(
        *(["-sort_key", "-id"] if descending else ["sort_key", "id"])
    )
    page = page_of(request, people)
    for person in page:
        person.birth = masked_day(person.born_on, year_only=True)
    values = {
        "form": form,
        "page": page,
        "may_write": has_permission_somewhere(request.user, Permission.PEOPLE_WRITE),
        "may_reveal": has_permission_somewhere(request.user, Permission.PEOPLE_READ_SENSITIVE),
        "waiting": corrections_for(request.user).filter(status="asked").count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "people/roster.html", values)


@require_safe
def person_page(request: SignedIn, pk: int) -> HttpResponse:
    """One person, days masked."""
    return render(request, "people/person.html", person_values(request, person_for(request.user, pk)))


@require_POST
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """The same page with the masked days, after the reading was recorded."""
    person = person_for(request.user, pk)
    services.read_sensitive(person, by=request.user)
    response = render(request, "people/person.html", person_values(request, person, revealed=True))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def print_page(request: SignedIn, pk: int) -> HttpResponse:
    """What is held about a person, to be handed over on paper; days masked."""
    return _printed(request, person_for(request.user, pk), revealed=False)


@require_POST
def print_revealed(request: SignedIn, pk: int) -> HttpResponse:
    """The sheet with the masked days, after the reading was recorded."""
    person = person_for(request.user, pk)
    services.read_sensitive(person, by=request.user)
    return _printed(request, person, revealed=True)


def _printed(request: SignedIn, person: Person, *, revealed: bool) -> HttpResponse:
    reveals = people_for(request.user, Permission.PEOPLE_READ_SENSITIVE).filter(pk=person.pk).exists()
    values = held_values(person, revealed=revealed) | {"person": person, "may_reveal": reveals and not revealed}
    response = render(request, "people/print.html", values)
    response["Cache-Control"] = "no-store"
    return response


def person_values(request: SignedIn, person: Person, *, revealed: bool = False) -> dict[str, Any]:
    """What the person page shows and offers this reader."""
    writable = units_where(request.user, Permission.PEOPLE_WRITE)
    may_write = people_for(request.user, Permission.PEOPLE_WRITE).filter(pk=person.pk).exists()
    reveals = people_for(request.user, Permission.PEOPLE_READ_SENSITIVE).filter(pk=person.pk).exists()
    own_units = set(writable.filter(memberships__person=person).values_list("pk", flat=True))
    own_units |= set(writable.filter(posts__person=person).values_list("pk", flat=True))
    values = held_values(person, revealed=revealed)
    for row in (*values["memberships"], *values["posts"]):
        row.may_change = row.org_unit_id in own_units and row.is_current
    return values | {
        "person": person,
        "revealed": revealed,
        "may_write": may_write,
        "may_reveal": reveals and not revealed and bool(held_sensitive(person)),
        "history": _history(person),
        "requests": person.correction_requests.order_by("-id")[:10] if may_write else [],
    }


def held_values(person: Person, *, revealed: bool) -> dict[str, Any]:
    """Everything held about a person, ready for a page."""
    day = today()
    memberships: list[Any] = list(person.memberships.select_related("org_unit").order_by("-during", "-id"))
    posts: list[Any] = list(person.posts.select_related("org_unit").order_by("-during", "-id"))
    exemptions: list[Any] = list(person.exemptions.order_by("-during", "-id"))
    for row in (*memberships, *posts, *exemptions):
        row.days = days_words(row.during)
        row.is_current = day in row.during
        row.is_open = not row.during.isempty and (row.during.upper is None or row.during.upper > day)
    for row in memberships:
        row.was_mistake = row.end_reason == MembershipEnd.CORRECTED
    days = shown_days(person, revealed=revealed)
    return {
        "days": [(_field_words(name), days[name]) for name in SENSITIVE_FIELDS],
        "memberships": memberships,
        "posts": posts,
        "exemptions": exemptions,
        "elsewhere": held_elsewhere(person),
    }


def days_words(during: Any) -> str:
    """Return 1/7/2021 – 30/6/2025, or "from 1/7/2021"; nothing for no day at all."""
    if during.isempty:
        return ""
    if during.upper is None:
        return _("from %(day)s") % {"day": day_text(during.lower)}
    return f"{day_text(during.lower)} – {day_text(during.upper - ONE_DAY)}"


def _history(person: Person) -> list[dict[str, Any]]:
    """The trail in plain words; what is masked is named, not shown."""
    events = []
    for event in history_of(person)[:_HISTORY]:
        notes = [f"{label}: {_plain(before)} → {_plain(after)}" for label, before, after in changed_fields(event)]
        masked = event.data.get("fields")
        if isinstance(masked, list):
            notes.append(", ".join(_field_words(name) for name in masked))
        events.append({"at": event.at, "text": verb_words(event), "by": event.actor_name, "note": "; ".join(notes)})
    return events


def _plain(value: object) -> str:
    return "–" if value in (None, "") else str(value)


def _field_words(name: object) -> str:
    known = {field.name: field for field in Person._meta.concrete_fields}
    field = known.get(str(name))
    return str(field.verbose_name) if field else str(name)
