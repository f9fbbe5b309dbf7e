"""What the organising board does about entrants: each with its right, its reason and its row in the trail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.contests.codes import digest_of, new_code
from langsen.contests.contests.enums import EntrantStatus, FlagKind, FlagStatus
from langsen.contests.contests.models import Entrant, EntrantFlag
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.rules import require_in
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import clean

MOST_EXTRA_SECONDS = 2 * 60 * 60
_REASON_LENGTH = 300
HIDDEN_FIELDS = ("phone", "mail", "birth_year", "is_member", "guardian_name")


@transaction.atomic(using=STORE)
def read_hidden(entrant: Entrant, *, by: User) -> None:
    """Record that `by` reads the hidden details of an entrant; the page shows them after this."""
    _require(by, entrant)
    held = [field for field in HIDDEN_FIELDS if getattr(entrant, field) not in {"", None}]
    record("entrant.read", entrant, by=by, data={"fields": held})


@transaction.atomic(using=STORE)
def reissue_code(entrant: Entrant, *, reason: str, by: User) -> str:
    """Give a new personal code, shown once; the old one is void and pages opened with it close."""
    _require(by, entrant)
    reason = checked_reason(reason)
    if entrant.status == EntrantStatus.MERGED:
        raise Conflict(_("This sign-up was joined with another: give that one a new code."))
    code = new_code()
    Entrant.objects.filter(pk=entrant.pk).update(code_digest=digest_of(code), code_issued_at=timezone.now())
    entrant.refresh_from_db(fields=["code_digest", "code_issued_at"])
    record("entrant.code_reissued", entrant, by=by, data={"reason": reason})
    return code


@transaction.atomic(using=STORE)
def bar_entrant(entrant: Entrant, *, reason: str, by: User) -> None:
    """Record that somebody is not eligible; nothing of theirs is deleted."""
    _require(by, entrant)
    reason = checked_reason(reason)
    transition(entrant, EntrantStatus.BARRED, status_reason=reason)
    record("entrant.barred", entrant, by=by, data={"reason": reason})
    raise_page_version(entrant.contest_id)


@transaction.atomic(using=STORE)
def restore_entrant(entrant: Entrant, *, reason: str, by: User) -> None:
    """Take back that somebody is not eligible, or that a sign-up was joined with another."""
    _require(by, entrant)
    reason = checked_reason(reason)
    transition(entrant, EntrantStatus.ACTIVE, status_reason="", merged_into=None)
    record("entrant.restored", entrant, by=by, data={"reason": reason})
    raise_page_version(entrant.contest_id)


@transaction.atomic(using=STORE)
def merge_entrants(kept: Entrant, other: Entrant, *, reason: str, by: User) -> None:
    """Join `other` with `kept`, who are one person: the attempts of `kept` count, those of `other` stay and do not.

    The code of `other` opens `kept` from now on. Flags of one about the other are confirmed by this.

    Raises:
        BadInput: the same sign-up, of another contest, or `kept` does not take part.
    """
    _require(by, kept)
    reason = checked_reason(reason)
    if kept.pk == other.pk or kept.contest_id != other.contest_id:
        message = _("Choose another sign-up of this contest.")
        raise BadInput(message, fields={"other": message})
    # In one order for everybody, so that two joins at once cannot point at each other.
    locked = Entrant.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk")
    states = {one.pk: one.status for one in locked}
    if states[kept.pk] != EntrantStatus.ACTIVE:
        raise Conflict(_("The sign-up to be kept does not take part any more."))
    transition(other, EntrantStatus.MERGED, merged_into=kept, status_reason=reason)
    flags = EntrantFlag.objects.filter(kind=FlagKind.DOUBLE, status=FlagStatus.OPEN)
    for one, two in ((kept, other), (other, kept)):
        flags.filter(entrant=one, key=str(two.pk)).update(
            status=FlagStatus.UPHELD,
            decided_reason=reason,
            decided_by_name=by.audit_name[:200],
            decided_at=timezone.now(),
        )
    record("entrant.merged", other, by=by, data={"into": kept.public_number, "reason": reason})
    raise_page_version(kept.contest_id)


@transaction.atomic(using=STORE)
def check_identity(entrant: Entrant, *, reason: str, by: User) -> None:
    """Record that somebody was seen to be who they say, before a prize is paid; `reason` says by what."""
    _require(by, entrant)
    reason = checked_reason(reason)
    entrant.identity_checked_at = timezone.now()
    entrant.identity_checked_by = by.audit_name[:200]
    entrant.save(update_fields=["identity_checked_at", "identity_checked_by"])
    record("entrant.identity_checked", entrant, by=by, data={"reason": reason})


@transaction.atomic(using=STORE)
def give_extra_time(entrant: Entrant, seconds: int, *, reason: str, by: User) -> None:
    """Give somebody more time for each paper begun from now on, for example for weak eyes; 0 takes it back.

    Raises:
        BadInput: more than two hours; the field is `minutes`.
    """
    _require(by, entrant)
    reason = checked_reason(reason)
    if not 0 <= seconds <= MOST_EXTRA_SECONDS:
        message = _("Extra time lies between 0 and 120 minutes.")
        raise BadInput(message, fields={"minutes": message})
    before = entrant.extra_seconds
    Entrant.objects.filter(pk=entrant.pk).update(extra_seconds=seconds)
    entrant.extra_seconds = seconds
    data = {"extra_seconds": [before, seconds], "reason": reason}
    record("entrant.time_granted", entrant, by=by, data=data)


@transaction.atomic(using=STORE)
def decide_flag(flag: EntrantFlag, status: FlagStatus, *, reason: str, by: User) -> None:
    """Decide what an unusual sign means; nothing else follows from it by itself."""
    require_in(by, Permission.CONTESTS_ORGANISE, flag.entrant.contest)
    reason = checked_reason(reason)
    if status == FlagStatus.OPEN:
        message = _("Choose what was found.")
        raise BadInput(message, fields={"status": message})
    transition(flag, status, decided_reason=reason, decided_by_name=by.audit_name[:200], decided_at=timezone.now())
    record("entrant_flag.decided", flag, by=by, data={"status": status.value, "reason": reason})


@transaction.atomic(using=STORE)
def redact_entrant(entrant: Entrant, *, reason: str, by: User, at: datetime) -> None:
    """Delete somebody's personal details on request; results keep the public number, attempts stay.

    Raises:
        Conflict: they were deleted before.
    """
    _require(by, entrant)
    reason = checked_reason(reason)
    if not redact(entrant.pk, at=at):
        raise Conflict(_("These details were deleted before."))
    entrant.refresh_from_db()
    record("entrant.redacted", entrant, by=by, data={"fields": ["full_name", *HIDDEN_FIELDS], "reason": reason})


def redact(*keys: int, at: datetime) -> int:
    """Empty the personal columns of these entrants, with their signs and device numbers; return of how many."""
    rows = Entrant.objects.filter(pk__in=keys, forgotten_at=None)
    EntrantFlag.objects.filter(entrant__in=rows).delete()
    EntrantFlag.objects.filter(kind=FlagKind.DOUBLE, key__in=[str(key) for key in keys]).update(about="")
    touched = {one.contest for one in rows.select_related("contest")}
    for of in touched:
        for one_round in of.rounds.all():
            one_round.attempts.filter(entrant_id__in=keys).exclude(device=None).update(device=None)
    count = rows.update(
        full_name="",
        folded="",
        sort_key="",
        phone="",
        mail="",
        birth_year=None,
        is_member=None,
        guardian_name="",
        may_publish_name=False,
        forgotten_at=at,
    )
    for of in touched:
        raise_page_version(of.pk)
    return count


def checked_reason(reason: str) -> str:
    """Return a reason worth keeping.

    Raises:
        BadInput: none, or too long; the field is `reason`.
    """
    words = clean(reason)
    if not 3 <= len(words) <= _REASON_LENGTH:
        message = _("Write the reason, at most %(limit)s characters.") % {"limit": _REASON_LENGTH}
        raise BadInput(message, fields={"reason": message})
    return words


def _require(by: User, entrant: Entrant) -> None:
    require_in(by, Permission.CONTESTS_ORGANISE, entrant.contest)
