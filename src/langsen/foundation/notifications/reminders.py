"""The day's list of due things: what each app says waits for an officer, in one notice, at most once a day."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.access.models import Grant
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.text import day_text, number_text
from langsen.foundation.core.todos import Todo
from langsen.foundation.notifications.models import Notice
from langsen.foundation.notifications.services import remind
from langsen.foundation.people.models import Exemption

log = logging.getLogger("langsen.reminders")

LISTED = 20

Source = Callable[[User], Sequence[Todo]]


def sources() -> list[Source]:
    """Return the functions `LANGSEN_REMINDERS` names."""
    return [import_string(path) for path in settings.LANGSEN_REMINDERS]


def officers_to_remind(day: date) -> Iterator[User]:
    """Yield the active accounts with a role in force in a unit that is due anything, that have no list of `day` yet.

    Left out are units with published figures only, units that have ended, and people exempt from Party work that day.
    """
    grants = Grant.objects.filter(
        during__contains=day, ended_at=None, org_unit__is_published=False, org_unit__during__contains=day
    )
    users = User.objects.filter(pk__in=grants.values("user"), is_active=True, is_system=False)
    reminded = Notice.objects.filter(reminder_on=day).values("user")
    exempt = Exemption.objects.filter(during__contains=day, person__user__isnull=False).values("person__user")
    yield from users.exclude(pk__in=reminded).exclude(pk__in=exempt).order_by("id").iterator(chunk_size=500)


def due_things(user: User, day: date) -> list[Todo]:
    """Return what waits for `user` and is late or due within `LANGSEN_REMIND_DAYS`, the latest first."""
    until = day + timedelta(days=settings.LANGSEN_REMIND_DAYS)
    found = [todo for source in sources() for todo in source(user)]
    due = [(todo.due_on, todo.title, todo) for todo in found if todo.due_on is not None and todo.due_on <= until]
    return [todo for _on, _title, todo in sorted(due, key=lambda one: one[:2])]


def remind_officers(day: date) -> int:
    """Give every officer the list of `day`; return how many got one. What fails for one does not stop the others."""
    by, told = system_user(), 0
    for user in officers_to_remind(day):
        try:
            with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
                todos = due_things(user, day)
                told += bool(todos) and remind(user, subject=_subject(todos, day), text=_text(todos), on=day, by=by)
        except Exception:
            log.exception("The list of %s could not be made.", user.username)
    return told


def _subject(todos: Sequence[Todo], day: date) -> str:
    late = sum(1 for todo in todos if todo.due_on is not None and todo.due_on < day)
    words = ngettext("%(count)s thing is due", "%(count)s things are due", len(todos))
    subject = words % {"count": number_text(len(todos))}
    if late:
        subject += _(", %(late)s of them late") % {"late": number_text(late)}
    return subject


def _text(todos: Sequence[Todo]) -> str:
    lines = [_line(todo) for todo in todos[:LISTED]]
    if len(todos) > LISTED:
        lines.append(_("and %(more)s more on your desk.") % {"more": number_text(len(todos) - LISTED)})
    return "\n".join(lines)


def _line(todo: Todo) -> str:
    due = day_text(todo.due_on) if todo.due_on else ""
    where = f" ({todo.note})" if todo.note else ""
    return _("- %(day)s: %(what)s%(where)s") % {"day": due, "what": todo.title, "where": where}
