"""What the organising board reads of entrants."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from langsen.contests.contests.enums import EntrantStatus, FlagStatus
from langsen.contests.contests.models import Contest, Entrant, EntrantFlag
from langsen.contests.contests.rules import organisers_where
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import clean, fold

OLDEST = "61"
AGE_BANDS = {"0-17": (0, 17), "18-30": (18, 30), "31-45": (31, 45), "46-60": (46, 60), OLDEST: (61, 200)}
_PHONE_DIGITS = 4
_LONGEST_NUMBER = 9


def office_contest(user: User, pk: int, permission: Permission = Permission.CONTESTS_READ) -> Contest:
    """The contest with this key, if `user` has the permission at its organiser.

    Raises:
        NotFound: none, or out of the user's reach; the two look the same.
    """
    organisers = organisers_where(user, permission)
    found = Contest.objects.prefetch_related("rounds").filter(pk=pk, organiser_id__in=organisers).first()
    if found is None:
        raise NotFound
    return found


def entrants_of(contest: Contest) -> QuerySet[Entrant]:
    """The contest's entrants by public number, with how many open signs each has."""
    opened = Count("flags", filter=Q(flags__status=FlagStatus.OPEN))
    rows = contest.entrants.select_related("unit", "unit__compared", "contest").annotate(open_flags=opened)
    return rows.order_by("number")


def entrants_matching(
    contest: Contest, *, q: str = "", unit: str = "", status: str = "", flags: str = "", age: str = "", sort: str = ""
) -> QuerySet[Entrant]:
    """The entrants that fit a search (name without accents, phone, number) and filters."""
    rows = entrants_of(contest)
    if q:
        rows = rows.filter(_named(q))
    for word in fold(clean(unit)).replace(",", " ").split():
        rows = rows.filter(unit__folded__contains=word)
    if status in EntrantStatus.values:
        rows = rows.filter(status=status)
    if flags in {"any", "open"}:
        signs = EntrantFlag.objects.filter(entrant=OuterRef("pk"))
        rows = rows.filter(Exists(signs.filter(status=FlagStatus.OPEN) if flags == "open" else signs))
    if age in AGE_BANDS:
        least, most = AGE_BANDS[age]
        year = _year_of(contest)
        rows = rows.filter(birth_year__range=(year - most, year - least))
    orders = {"name": ["sort_key", "id"], "-name": ["-sort_key", "-id"], "-number": ["-number"]}
    return rows.order_by(*orders.get(sort, ["number"]))


def _named(text: str) -> Q:
    folded = fold(clean(text)[:120])
    digits = "".join(ch for ch in folded if ch.isascii() and ch.isdigit())
    fits = Q(folded__contains=folded)
    if digits and len(digits) <= _LONGEST_NUMBER and folded.replace("ts", "").strip("-# ").isdigit():
        fits |= Q(number=int(digits))
    if len(digits) >= _PHONE_DIGITS and not folded.startswith("ts"):
        fits |= Q(phone__contains=digits)
    return fits


def _year_of(contest: Contest) -> int:
    opens: datetime = min((one.opens_at for one in contest.rounds.all()), default=timezone.now())
    return timezone.localtime(opens).year


def office_entrant(contest: Contest, number: int) -> Entrant:
    """The entrant with this public number.

    Raises:
        NotFound: none.
    """
    found = entrants_of(contest).select_related("merged_into").filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def flags_of(contest: Contest, *, status: str = FlagStatus.OPEN, kind: str = "") -> QuerySet[EntrantFlag]:
    """The unusual signs of a contest, the oldest first."""
    rows = EntrantFlag.objects.filter(entrant__contest=contest).select_related("entrant__unit", "entrant__contest")
    if status in FlagStatus.values:
        rows = rows.filter(status=status)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("raised_at", "id")


def likely_doubles(entrant: Entrant) -> list[Entrant]:
    """Who was flagged together with this entrant as possibly one person."""
    keys = [int(key) for key in entrant.flags.filter(kind="double").values_list("key", flat=True) if key.isdigit()]
    named = EntrantFlag.objects.filter(kind="double", key=str(entrant.pk)).values("entrant")
    rows = entrant.contest.entrants.filter(Q(pk__in=keys) | Q(pk__in=named)).select_related("unit", "contest")
    return list(rows.exclude(status=EntrantStatus.MERGED).order_by("number"))
