"""Telling people, reminding units, and what becomes of notices."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import change_address
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core import jobs
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, day_text
from langsen.foundation.notifications.enums import NUDGE, REMINDER, MailState
from langsen.foundation.notifications.models import (
    LONGEST_ADDRESS,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MailChoice,
    Notice,
    Nudge,
)
from langsen.foundation.notifications.queries import last_nudges
from langsen.foundation.notifications.rules import people_of, require_nudge, units_to_nudge
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import ancestors_on

__all__ = ["last_nudges", "notify_people", "notify_unit", "nudge"]  # with `last_nudges`, what other apps ask for


@transaction.atomic
def notify_people(
    users: Iterable[User],
    *,
    kind: str,
    subject: str,
    text: str = "",
    href: str = "",
    org_unit: OrgUnit | None = None,
    reminder_on: date | None = None,
    by: User,
) -> int:
    """Put one notice into the inbox of each active person but `by`, and queue its mail; return how many were told.

    A part of another use case, whose own audit row says what happened. A second reminder of one day is left out.

    Raises:
        BadInput: `href` leads away from this site, or is too long.
    """
    _check_address(href)
    told = {one.pk: one for one in users if one.is_active and not one.is_system and one.pk != by.pk}
    by_mail = _who_want_mail(told)
    rows = [
        Notice(
            user=user,
            kind=kind,
            subject=_short(clean(subject), LONGEST_SUBJECT),
            text=_short(text.strip(), LONGEST_TEXT),
            href=href,
            org_unit=org_unit,
            reminder_on=reminder_on,
            created_by=by,
            mail_state=MailState.WAITING if user.pk in by_mail else MailState.NONE,
        )
        for user in told.values()
    ]
    before = Notice.objects.filter(user__in=told, reminder_on=reminder_on).count() if reminder_on else 0
    Notice.objects.bulk_create(rows, ignore_conflicts=reminder_on is not None)
    for user_id in sorted(by_mail):
        jobs.defer("notifications.mail_waiting", user_id=user_id)
    return len(rows) - before


@transaction.atomic
def notify_unit(
    unit: OrgUnit,
    *,
    holding: Permission,
    kind: str,
    subject: str,
    text: str = "",
    href: str = "",
    or_above: bool = True,
    by: User,
) -> int:
    """Tell whoever answers for `unit`: everybody with a grant in force given in that unit whose role has `holding`;
    when there is none, and `or_above`, those of the nearest unit above. Return how many were told; say so when nobody.

    `by` is not told of what `by` did. A part of another use case, whose own audit row says what happened.
    """
    people = people_of(unit, holding, among=None if or_above else [unit.pk])
    return notify_people(people, kind=kind, subject=subject, text=text, href=href, org_unit=unit, by=by)


@transaction.atomic
def nudge(unit: OrgUnit, *, about: str, subject: str, text: str, href: str, holding: Permission, by: User) -> int:
    """Remind a unit below one's own of `about`, at most once a day whoever does it; return how many people it reached.

    When nobody in the unit has an account with `holding`, the nearest unit above that `by` may remind is told. When
    there is none either, 0 is returned and nothing is recorded: telephone.

    Raises:
        NotAllowed: `by` has no right to remind in a unit above this one.
        BadInput: the unit has ended or is due nothing.
        Conflict: it was already reminded of this today.
    """
    require_nudge(by, unit)
    above = ancestors_on(unit, today())
    may_be_told = set(units_to_nudge(by).filter(pk__in=above.order_by().values("pk")).values_list("pk", flat=True))
    people = [user for user in people_of(unit, holding, among=may_be_told) if user.pk != by.pk]
    if not people:
        return 0
    row = Nudge(org_unit=unit, about=about, on=today(), subject=_short(clean(subject), LONGEST_SUBJECT))
    row.reached, row.created_by = len(people), by
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("%(unit)s was already reminded of this today, %(day)s. One reminder a day is enough.")
            % {"unit": unit.name, "day": day_text(row.on)}
        ) from None
    record("unit.nudged", row, by=by, data={"about": about, "reached": row.reached})
    return notify_people(people, kind=NUDGE, subject=subject, text=text, href=href, org_unit=unit, by=by)


def remind(user: User, *, subject: str, text: str, on: date, by: User) -> bool:
    """Give `user` the day's list of due things; False when the day's list is already there."""
    href = settings.LOGIN_REDIRECT_URL  # the desk
    told = notify_people([user], kind=REMINDER, subject=subject, text=text, href=href, reminder_on=on, by=by)
    return told == 1


def read_notice(notice: Notice, *, by: User) -> None:
    """Mark one's own notice as read. Reading is nobody else's affair, so the audit trail does not hold it."""
    Notice.objects.filter(pk=notice.pk, user=by, read_at=None).update(read_at=timezone.now())


def read_all(*, by: User, until_id: int) -> int:
    """Mark one's notices up to the newest one shown as read; return how many were unread."""
    return Notice.objects.filter(user=by, read_at=None, pk__lte=until_id).update(read_at=timezone.now())


@transaction.atomic
def choose_mail(*, wants_mail: bool, email: str | None = None, by: User) -> None:
    """Say whether `by` wants notices by mail too, and where to (None: the address stays).

    What waits unsent for somebody who declines is not sent. What did not get through to a former address is forgotten.
    """
    row, _made = MailChoice.objects.select_for_update().get_or_create(user=by)
    before, row.wants_mail = row.wants_mail, wants_mail
    row.save()
    waiting = Notice.objects.filter(user=by, mail_state=MailState.WAITING)
    if email is not None and change_address(email, by=by):
        Notice.objects.filter(user=by, mail_state=MailState.FAILED).update(mail_state=MailState.NONE)
    if not wants_mail or not by.email:
        waiting.update(mail_state=MailState.NONE)
    if before != wants_mail:
        record("mail_choice.changed", row, by=by, data=changes({"wants_mail": before}, {"wants_mail": wants_mail}))


def forget_old_notices() -> int:
    """Delete the notices read longer ago than the office keeps them; return how many."""
    before = timezone.now() - timedelta(days=settings.LANGSEN_KEEP_NOTICES_DAYS)
    return Notice.objects.filter(read_at__lt=before).delete()[0]


def _who_want_mail(users: Mapping[int, User]) -> set[int]:
    declined = MailChoice.objects.filter(user__in=users, wants_mail=False).values_list("user_id", flat=True)
    return {pk for pk, user in users.items() if user.email} - set(declined)


def _check_address(href: str) -> None:
    ours = not href or (href.startswith("/") and url_has_allowed_host_and_scheme(href, allowed_hosts=None))
    if len(href) > LONGEST_ADDRESS or not ours:
        raise BadInput(_("A notice opens a page of this site only."))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
