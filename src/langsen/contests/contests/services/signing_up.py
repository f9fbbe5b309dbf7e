"""Signing up for a contest: nobody signed in, no account of staff, a personal code at the end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from langsen.contests.contests.codes import digest_of, new_code
from langsen.contests.contests.consents import record_consent
from langsen.contests.contests.enums import (
    AskedField,
    ConsentKind,
    EntrantStatus,
    FlagKind,
    SignUp,
)
from langsen.contests.contests.models import BarredPerson, Contest, ContestUnit, Entrant, EntrantFlag
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.queries.public import is_open_for_sign_up
from langsen.contests.contests.tickets import issue_ticket
from langsen.contests.stores import STORE
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.people.rules import clean_name, name_keys

EARLIEST_BIRTH_YEAR = 1900
OTHER_UNIT = 0
"""What `SignUpFacts.unit_id` says for somebody of none of the listed units."""
_A_DAY = timedelta(days=1)
_MOST_DOUBLES = 5
_SIGN_UP_LOCK = 7_401_001  # the first half of the advisory lock; the second is the contest


@dataclass(frozen=True)
class SignUpFacts:
    """What somebody typed to sign up; `unit_id` is a `ContestUnit`."""

    full_name: str
    phone: str = ""
    mail: str = ""
    birth_year: int | None = None
    is_member: bool | None = None
    unit_id: int | None = None
    guardian_name: str = ""
    guardian_agrees: bool = False
    agrees: bool = False
    may_publish_name: bool = False


@transaction.atomic(using=STORE)
def sign_up(contest: Contest, facts: SignUpFacts, *, at: datetime, confirmed: str = "") -> tuple[Entrant, str]:
    """Sign somebody up and return the entrant with the personal code, which is shown now and never again.

    A likely double (same phone; or same name, birth year and unit) and a name on the list of organisers are flagged
    for a person to look at, never refused. `confirmed` is the mail address or phone number proven with a code, where
    the contest asks for one.

    Raises:
        BadInput: with the fields that do not fit.
        Conflict: the contest takes no sign-ups at `at`.
    """
    require_open(contest, at)
    columns = _checked(contest, facts, at)
    _require_confirmed(contest, columns, confirmed)
    code = new_code()
    with in_turn(contest):
        entrant = Entrant.objects.create(
            contest=contest,
            number=(contest.entrants.aggregate(last=Max("number"))["last"] or 0) + 1,
            code_digest=digest_of(code),
            code_issued_at=at,
            consented_at=at,
            **columns,
        )
        flag_likeness(entrant)
    _keep_consents(entrant, at)
    return entrant, code


def require_open(contest: Contest, at: datetime) -> None:
    """Refuse when the contest takes no sign-ups.

    Raises:
        Conflict: saying so.
    """
    if not is_open_for_sign_up(contest, at):
        raise Conflict(_("This contest takes no sign-ups any more."))


def sign_ups_like(contest: Contest, columns: dict[str, object]) -> QuerySet[Entrant]:
    """Return earlier sign-ups that may be the same person: same phone or mail, or same name, birth year and unit."""
    same = Q(pk__in=())
    if columns["birth_year"] or columns["unit"]:  # a name alone says too little
        same |= Q(folded=columns["folded"], birth_year=columns["birth_year"], unit=columns["unit"])
    for field in ("phone", "mail"):
        if columns[field]:
            same |= Q(**{field: columns[field]})
    found = contest.entrants.filter(same, forgotten_at=None).exclude(status=EntrantStatus.MERGED)
    return found.order_by("number")


def known_sign_ups(contest: Contest, facts: SignUpFacts, *, at: datetime) -> list[Entrant]:
    """Return whom a sign-up with these facts would double: asked before signing up, to tell people kindly."""
    return list(sign_ups_like(contest, _checked(contest, facts, at))[:_MOST_DOUBLES])


def entrant_by_code(contest: Contest, typed: str) -> Entrant | None:
    """Return the entrant with this personal code, however it was typed; a joined sign-up's code finds the other."""
    found = contest.entrants.select_related("contest", "unit").filter(code_digest=digest_of(typed)).first()
    while found is not None and found.merged_into_id is not None:
        found = contest.entrants.select_related("contest", "unit").get(pk=found.merged_into_id)
    return found


def ticket_for(entrant: Entrant, *, at: datetime) -> str:
    """Return a signed ticket into the arena, good until a day after the last round and its time limit."""
    return issue_ticket(entrant.contest_id, entrant.pk, expires=int(ticket_ends(entrant, at=at).timestamp()))


def ticket_ends(entrant: Entrant, *, at: datetime) -> datetime:
    """Return when a ticket issued at `at` is over."""
    contest = entrant.contest
    last = max((one.closes_at for one in contest.rounds.all()), default=at)
    return max(last, at) + timedelta(seconds=contest.time_limit_seconds + entrant.extra_seconds) + _A_DAY


def _checked(contest: Contest, facts: SignUpFacts, at: datetime) -> dict[str, object]:
    """Return the columns of an entrant, or refuse with every field that does not fit."""
    faults: dict[str, object] = {}
    columns: dict[str, object] = {"full_name": "", "folded": "", "may_publish_name": facts.may_publish_name}
    with _collected(faults):
        name = clean_name(facts.full_name)
        columns |= {"full_name": name} | name_keys(name)
    columns |= _asked_columns(contest, facts, faults)
    with _collected(faults):
        columns["birth_year"] = checked_birth_year(contest, facts.birth_year, at)
    columns |= _guardian_columns(contest, facts, at, faults)
    if not facts.agrees:
        faults["agrees"] = _("Without your agreement your details may not be kept, so you cannot be signed up.")
    if faults:
        raise BadInput(_("Please look at the marked lines."), fields=faults)
    return columns


@contextmanager
def _collected(faults: dict[str, object]) -> Iterator[None]:
    try:
        yield
    except BadInput as error:
        faults.update(error.fields)


def _asked_columns(contest: Contest, facts: SignUpFacts, faults: dict[str, object]) -> dict[str, object]:
    """The details that are asked for; what is not asked for is not kept even if it was sent."""
    asks = contest.asks
    columns: dict[str, object] = {"phone": "", "mail": "", "is_member": None, "unit": None}
    if AskedField.PHONE in asks or contest.sign_up == SignUp.SMS:
        with _collected(faults):
            columns["phone"] = plain_phone(facts.phone)
    if AskedField.MAIL in asks or contest.sign_up == SignUp.MAIL:
        columns["mail"] = facts.mail.strip().lower()
        if not columns["mail"]:
            faults["mail"] = _("Enter your mail address.")
    if AskedField.IS_MEMBER in asks:
        columns["is_member"] = facts.is_member
    if AskedField.UNIT in asks:
        with _collected(faults):
            columns["unit"] = checked_unit(contest, facts.unit_id)
    return columns


def checked_unit(contest: Contest, unit_id: int | None) -> ContestUnit | None:
    """Return the unit with this key if it is one of this contest's; None for `OTHER_UNIT`.

    Raises:
        BadInput: none, or a unit of another contest; the field is `unit`.
    """
    if unit_id == OTHER_UNIT:
        return None
    found = contest.units.filter(pk=unit_id).first() if unit_id is not None else None
    if found is None:
        message = _("Choose your unit from the list of this contest.")
        raise BadInput(message, fields={"unit": message})
    return found


def checked_birth_year(contest: Contest, year: int | None, at: datetime) -> int | None:
    """Return the year of birth if it is possible and old enough; None where the contest does not ask for it.

    Only the year is known, so an age is the one reached in the course of that year.

    Raises:
        BadInput: the field is `birth_year`.
    """
    if AskedField.BIRTH_YEAR not in contest.asks:
        return None
    this_year = timezone.localtime(at).year
    message = ""
    if year is None or not EARLIEST_BIRTH_YEAR <= year <= this_year:
        message = _("Enter your year of birth, between 1900 and %(year)s.") % {"year": this_year}
    elif contest.least_age and this_year - year < contest.least_age:
        words = _("This contest is for people from %(age)s years of age: born in %(year)s or before.")
        message = words % {"age": contest.least_age, "year": this_year - contest.least_age}
    if message:
        raise BadInput(message, fields={"birth_year": message})
    return year


def needs_guardian(contest: Contest, birth_year: int | None, at: datetime) -> bool:
    """Say whether somebody born that year needs the consent of a guardian to take part."""
    return birth_year is not None and timezone.localtime(at).year - birth_year < contest.guardian_below


def _guardian_columns(
    contest: Contest, facts: SignUpFacts, at: datetime, faults: dict[str, object]
) -> dict[str, object]:
    """The guardian of the young; where no year is asked for, whoever names a guardian has one."""
    asked = AskedField.BIRTH_YEAR in contest.asks
    wanted = needs_guardian(contest, facts.birth_year, at) if asked else bool(facts.guardian_name.strip())
    if not wanted or "birth_year" in faults:
        return {"guardian_name": "", "guardian_consented_at": None}
    try:
        name = clean_name(facts.guardian_name)
    except BadInput:
        name = ""
        faults["guardian_name"] = _("Below %(age)s, a parent or guardian must be named.") % {
            "age": contest.guardian_below
        }
    if not facts.guardian_agrees:
        faults["guardian_agrees"] = _("A parent or guardian must agree.")
    return {"guardian_name": name, "guardian_consented_at": at}


def _require_confirmed(contest: Contest, columns: dict[str, object], confirmed: str) -> None:
    field = {SignUp.MAIL: "mail", SignUp.SMS: "phone"}.get(SignUp(contest.sign_up))
    if field and (not confirmed or columns[field] != confirmed):
        message = _("First confirm this address with the code that was sent to it.")
        raise BadInput(message, fields={field: message})


@contextmanager
def in_turn(contest: Contest) -> Iterator[None]:
    """Hold the contest's sign-ups in turn until the transaction ends: numbers without gaps, and no double unseen."""
    with connections[STORE].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SIGN_UP_LOCK, contest.pk])
    yield


def _keep_consents(entrant: Entrant, at: datetime) -> None:
    record_consent(entrant, ConsentKind.TAKE_PART, at=at)
    if entrant.guardian_consented_at:
        record_consent(entrant, ConsentKind.GUARDIAN, at=at)
    if entrant.may_publish_name:
        record_consent(entrant, ConsentKind.PUBLISH_NAME, at=at)


def flag_likeness(entrant: Entrant) -> None:
    """Flag an entrant who may have signed up before, or stands on the list of organisers, for a person to look at.

    Called with the contest's sign-ups in turn (`in_turn`). What was flagged before is left as it was decided.
    """
    columns = {name: getattr(entrant, name) for name in ("folded", "birth_year", "unit", "phone", "mail")}
    doubles = sign_ups_like(entrant.contest, columns).exclude(pk=entrant.pk)[:_MOST_DOUBLES]
    flags = [
        EntrantFlag(entrant=entrant, kind=FlagKind.DOUBLE, about=_double_words(entrant, other), key=str(other.pk))
        for other in doubles
    ]
    who = Q(folded=entrant.folded) | (Q(phone=entrant.phone) if entrant.phone else Q())
    for barred in BarredPerson.objects.filter(who, contest=entrant.contest)[:_MOST_DOUBLES]:
        kind = FlagKind.ON_BARRED_LIST
        flags.append(EntrantFlag(entrant=entrant, kind=kind, about=barred.reason, key=str(barred.pk)))
    EntrantFlag.objects.bulk_create(flags, ignore_conflicts=True)


def flag_barred(contest: Contest, people: Sequence[BarredPerson]) -> int:
    """Flag whoever signed up before with the name or phone of one of `people`; return how many people.

    Called with the contest's sign-ups in turn (`in_turn`).
    """
    names = {one.folded for one in people}
    phones = {one.phone for one in people if one.phone}
    rows = contest.entrants.filter(Q(folded__in=names) | Q(phone__in=phones), forgotten_at=None)
    flags = [
        EntrantFlag(entrant=entrant, kind=FlagKind.ON_BARRED_LIST, about=barred.reason, key=str(barred.pk))
        for entrant in rows.exclude(status=EntrantStatus.MERGED).order_by("number")
        for barred in people
        if barred.folded == entrant.folded or (barred.phone and barred.phone == entrant.phone)
    ]
    EntrantFlag.objects.bulk_create(flags, ignore_conflicts=True, batch_size=1_000)
    return len({flag.entrant_id for flag in flags})


def _double_words(entrant: Entrant, other: Entrant) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # kept in the office's language, whoever signs up
        if entrant.phone and entrant.phone == other.phone:
            return _("same phone as %(number)s") % {"number": other.public_number}
        if entrant.mail and entrant.mail == other.mail:
            return _("same mail address as %(number)s") % {"number": other.public_number}
        return _("same name, birth year and unit as %(number)s") % {"number": other.public_number}
