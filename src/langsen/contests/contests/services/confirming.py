"""Sign-up with a code sent to an address: single use, soon over, guesses counted.

Mail goes out through Django. Text messages go through whatever `LANGSEN_SMS_SENDER` names; none is shipped.
"""

import hashlib
import hmac
import secrets
import smtplib
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import SignUp
from langsen.contests.contests.limits import Limit, is_within
from langsen.contests.contests.models import Contest, SignUpCode
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.tickets import BadTicket, signed, unsigned
from langsen.contests.stores import STORE
from langsen.foundation.core.errors import BadInput, Conflict

CODE_DIGITS = 6
CODE_LIVES = timedelta(minutes=15)
PROOF_LIVES = timedelta(hours=2)
MOST_TRIES = 5
_PURPOSE = "proven address"


class TextSender(Protocol):
    """Brings a short text to a phone; raise `OSError` when it could not be handed over."""

    def __call__(self, phone: str, text: str) -> None: ...


def text_sender() -> TextSender | None:
    """Return the sender of text messages of this installation; None when it has none."""
    name = getattr(settings, "LANGSEN_SMS_SENDER", "")
    if not name:
        return None
    try:
        sender: TextSender = import_string(name)
    except ImportError as error:
        raise ImproperlyConfigured(f"LANGSEN_SMS_SENDER: {error}") from error
    return sender


def can_send(contest: Contest) -> bool:
    """Say whether this installation can send the codes that the contest's sign-up needs."""
    return contest.sign_up == SignUp.MAIL or (contest.sign_up == SignUp.SMS and text_sender() is not None)


def plain_address(contest: Contest, typed: str) -> str:
    """Return the address as it is kept: a mail address in small letters, or the digits of a phone number.

    Raises:
        BadInput: no phone number; the field is `address`.
    """
    if contest.sign_up != SignUp.SMS:
        return typed.strip().lower()
    try:
        return plain_phone(typed)
    except BadInput as error:
        raise BadInput(error.message, fields={"address": error.message}) from error


def send_code(contest: Contest, address: str, *, at: datetime) -> None:
    """Send a fresh code to a plain address; the code sent before is void from now on.

    Raises:
        BadInput: too many codes were asked for, or the letter could not be handed over; the field is `address`.
    """
    if not is_within(Limit.SENT_CODE_PERSON, f"{contest.pk} {address}", at=at):
        raise _address_fault(_("Several codes were sent there within an hour. Please wait and look for them first."))
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_DIGITS))
    with transaction.atomic(using=STORE):
        waiting = SignUpCode.objects.filter(contest=contest, address_digest=_digest(address), used_at=None)
        waiting.update(used_at=at)
        SignUpCode.objects.create(
            contest=contest,
            address_digest=_digest(address),
            code_digest=_digest(f"{address} {code}"),
            expires_at=at + CODE_LIVES,
        )
    words = _("%(code)s is your code to sign up for “%(contest)s”. It is good for %(minutes)s minutes.") % {
        "code": code,
        "contest": contest.title,
        "minutes": int(CODE_LIVES.total_seconds() // 60),
    }
    try:
        _bring(contest, address, words)
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address no mail server takes
        raise _address_fault(_("The code could not be sent there. Check the address, or try again later.")) from error


def prove_address(contest: Contest, address: str, typed: str, *, at: datetime) -> str:
    """Return a signed proof that the address is the person's own, for the sign-up form; the code is used up by this.

    Raises:
        BadInput: not the code that was sent last, over, or tried too often; the field is `sent_code`.
    """
    codes = SignUpCode.objects.filter(
        contest=contest, address_digest=_digest(address), used_at=None, expires_at__gt=at, tries__lt=MOST_TRIES
    )
    latest = codes.first()
    digits = "".join(ch for ch in typed if ch.isdigit())
    if latest is not None and codes.filter(pk=latest.pk).update(tries=F("tries") + 1):
        right = hmac.compare_digest(latest.code_digest, _digest(f"{address} {digits}"))
        # The condition is asked again in the store, so that one code proves one address once.
        if right and SignUpCode.objects.filter(pk=latest.pk, used_at=None).update(used_at=at):
            until = int((at + PROOF_LIVES).timestamp())
            return signed({"contest": contest.pk, "address": address, "until": until}, purpose=_PURPOSE)
    message = _("This is not the code that was sent last, or its time is over. Type it again or ask for a new one.")
    raise BadInput(message, fields={"sent_code": message})


def proven_address(contest: Contest, proof: str, *, at: datetime) -> str:
    """Return the address a proof stands for; "" when it is none of this contest's or its time is over."""
    try:
        facts = unsigned(proof, purpose=_PURPOSE)
    except BadTicket:
        return ""
    if facts.get("contest") != contest.pk or int(str(facts.get("until", 0))) < at.timestamp():
        return ""
    return str(facts.get("address", ""))


def forget_sign_up_codes(*, at: datetime) -> int:
    """Delete codes that are over; return how many."""
    return SignUpCode.objects.filter(expires_at__lt=at - PROOF_LIVES).delete()[0]


def _bring(contest: Contest, address: str, words: str) -> None:
    if contest.sign_up == SignUp.MAIL:
        subject = " ".join((_("Code to sign up: %(contest)s") % {"contest": contest.title}).split())
        EmailMessage(subject=subject, body=f"{words}\n", to=[address]).send()
        return
    sender = text_sender()
    if sender is None:
        raise Conflict(_("This installation cannot send text messages."))
    sender(address, words)


def _address_fault(message: str) -> BadInput:
    return BadInput(message, fields={"address": message})


def _digest(text: str) -> str:
    key = f"sign-up code {settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
