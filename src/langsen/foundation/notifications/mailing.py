"""Sending the mail that waits: claimed by one worker, tried again later, given up after some hours."""

import smtplib
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from langsen.foundation.accounts.models import User
from langsen.foundation.core import jobs
from langsen.foundation.notifications import mail
from langsen.foundation.notifications.enums import MailState
from langsen.foundation.notifications.models import Notice

TRY_FOR = timedelta(hours=5)
CLAIMS_HOLD_FOR = timedelta(minutes=10)  # longer than a mail server may keep us


class NotMailedYet(Exception):
    """The mail server did not take the letter; try again later. The notices hold the reason."""


def mail_waiting(user_id: int) -> None:
    """Send what waits for this person as one letter, and note what became of it.

    A letter may arrive twice when the machine stops between sending and noting; none is lost.

    Raises:
        NotMailedYet: the server could not be reached or asks for patience, and it is not yet time to give up.
    """
    notices = _claimed(user_id)
    if not notices:
        return
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    user = User.objects.get(pk=user_id)
    if not (user.is_active and user.email):
        rows.update(mail_state=MailState.NONE, mail_claimed_at=None)
        return
    try:
        mail.letter_of(user, notices).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address that is none
        words, now = mail.reason(error), timezone.now()
        given_up = rows if mail.is_final(error) else rows.filter(created_at__lt=now - TRY_FOR)
        given_up.update(mail_state=MailState.FAILED, mail_error=words, mail_claimed_at=None)
        if rows.filter(mail_state=MailState.WAITING).update(mail_error=words, mail_claimed_at=None):
            raise NotMailedYet(words) from error
        return
    rows.update(mail_state=MailState.SENT, mailed_at=timezone.now(), mail_error="", mail_claimed_at=None)


def mail_left_behind() -> int:
    """Queue once more what still waits long after its own job has ended (a worker was killed); return for how many."""
    left = Notice.objects.filter(mail_state=MailState.WAITING, created_at__lt=timezone.now() - TRY_FOR)
    people = list(left.order_by("user_id").values_list("user_id", flat=True).distinct())
    for user_id in people:
        jobs.defer("notifications.mail_waiting", user_id=user_id)
    return len(people)


def _claimed(user_id: int) -> list[Notice]:
    """Take the person's waiting notices for this worker alone, the oldest first."""
    now = timezone.now()
    free = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=now - CLAIMS_HOLD_FOR)
    waiting = Notice.objects.filter(free, user_id=user_id, mail_state=MailState.WAITING)
    wanted = list(waiting.order_by("id").values_list("pk", flat=True)[: mail.MOST_IN_ONE])
    # The condition is asked again under the row's lock, so of two workers one gets each notice.
    waiting.filter(pk__in=wanted).update(mail_claimed_at=now)
    return list(Notice.objects.filter(pk__in=wanted, mail_claimed_at=now).order_by("id"))
