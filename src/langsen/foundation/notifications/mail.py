"""Notices as plain-text mail: one letter for all that wait for a person."""

import smtplib
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import clean
from langsen.foundation.notifications.models import Notice

MOST_IN_ONE = 50


def letter_of(user: User, notices: Sequence[Notice]) -> EmailMessage:
    """Return the letter that carries these notices, in the office's language."""
    with translation.override(settings.LANGUAGE_CODE):
        name = settings.OFFICE_TITLE or "Làng Sen"
        about = notices[0].subject
        if len(notices) > 1:
            count = len(notices)
            about = ngettext("%(count)s new notice", "%(count)s new notices", count) % {"count": count}
        greeting = _("Dear %(name)s,") % {"name": user.display_name or user.username}
        body = "\n\n".join([greeting, *(_words(notice) for notice in notices), _foot()])
    return EmailMessage(clean(f"[{name}] {about}"), body + "\n", None, [user.email])


def _words(notice: Notice) -> str:
    lines = [notice.subject, notice.text, _where(notice)]
    return "\n".join(line for line in lines if line)


def _where(notice: Notice) -> str:
    if settings.LANGSEN_URL:
        return _("Open: %(address)s") % {"address": settings.LANGSEN_URL + reverse("notices:open", args=[notice.pk])}
    return _("To open it: sign in to Làng Sen, then choose “Notices” in the menu.")


def _foot() -> str:
    words = _("You can stop these mails under “Notices”, “Mail”.")
    return f"-- \n{words}"


def is_final(error: Exception) -> bool:
    """Say whether trying again is of no use: the server refuses this address or letter for good (5xx)."""
    if isinstance(error, ValueError):  # an address or a subject that cannot be written into a letter
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) and error.smtp_code >= 500


def reason(error: Exception) -> str:
    """Return what the server said, or why it was not reached, as one short line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(words)}" for code, words in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        said = str(error) or type(error).__name__
    return clean(said)[:300]


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
