"""The words people agree to when they sign up, and the record that they did."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from langsen.contests.contests.enums import AskedField, ConsentKind
from langsen.contests.contests.models import Consent, ConsentText, Contest, Entrant

_VERSION_LENGTH = 12


def asked_fields(contest: Contest) -> list[tuple[AskedField, str]]:
    """Return the personal details the contest asks for besides the name, each with its purpose, in one order."""
    return [(field, str(contest.asks[field])) for field in AskedField if field.value in contest.asks]


def consent_words(contest: Contest, kind: ConsentKind) -> str:
    """Return the words of a consent in the language of the page."""
    if kind == ConsentKind.GUARDIAN:
        return _("I am the parent or guardian and I agree that the child takes part and gives the details above.")
    if kind == ConsentKind.PUBLISH_NAME:
        return _("I agree that my full name is published in the results. I may take this back at any time.")
    names = ", ".join([_("full name"), *(str(field.label) for field, _purpose in asked_fields(contest))])
    words = _(
        "I have read the rules. I agree that %(organiser)s keeps and uses my details (%(names)s) for this contest "
        "until %(months)s months after its results, for the purposes stated beside each."
    )
    return words % {"organiser": contest.organiser_name, "names": names, "months": contest.keep_months}


def record_consent(entrant: Entrant, kind: ConsentKind, *, at: datetime) -> None:
    """Keep that the entrant agreed at `at` to the words as they stand now in the language of the page."""
    words = consent_words(entrant.contest, kind)
    version = hashlib.sha256(words.encode()).hexdigest()[:_VERSION_LENGTH]
    text, _made = ConsentText.objects.get_or_create(
        contest=entrant.contest, kind=kind, version=version, defaults={"text": words}
    )
    Consent.objects.create(entrant=entrant, text=text, given_at=at)


def withdraw_consents(entrant: Entrant, kind: ConsentKind, *, at: datetime) -> int:
    """Mark what the entrant had agreed to as taken back; return how many."""
    return Consent.objects.filter(entrant=entrant, text__kind=kind, withdrawn_at=None).update(withdrawn_at=at)
