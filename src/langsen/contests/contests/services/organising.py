"""Opening a contest, writing its rules, announcing and cancelling it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from langsen.contests.contests import hooks
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import TITLE_LENGTH, Contest, PrizeRule, Round
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.queries.checklist import missing_in
from langsen.contests.contests.rules import RULES, check_may_change, checked_rules, require_in, rule_values
from langsen.contests.contests.services.steps import publish_change, publish_changes, reason_for, to_change
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.states import transition
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.rules import checked_text
from langsen.registers.kit.services import check_unchanged

_YEAR = timedelta(weeks=52)  # whole weeks: a round that opened on a Monday opens on a Monday again

SETTLED_BEFORE = timedelta(seconds=10)
"""So long before an opening what it fixes may not change any more: every arena has read it when the first start."""


@transaction.atomic(using=STORE)
def open_contest(org_unit: OrgUnit, *, title: str, by: User, copy_of: Contest | None = None) -> Contest:
    """Begin the rules of a contest of `org_unit`, as a copy of another if given.

    A copy carries the rules, prizes, rounds (moved by whole years of 52 weeks until the first lies ahead) and the plans
    of papers; not the units, the people who may not take part, or anybody who signed up.

    Raises:
        NotAllowed: `by` does not organise contests of that unit, or may not see the one to copy.
        BadInput: the title.
    """
    require(by, Permission.CONTESTS_ORGANISE, org_unit)
    name = checked_text(title, "title", TITLE_LENGTH, required=True)
    columns: dict[str, Any] = {}
    if copy_of is not None:
        require_in(by, Permission.CONTESTS_READ, copy_of)
        columns = rule_values(copy_of) | {"copied_from": copy_of}
    contest = Contest.objects.create(
        **columns
        | {
            "slug": _free_slug(name),
            "title": name,
            "organiser_id": org_unit.pk,
            "organiser_code": org_unit.code,
            "organiser_name": org_unit.name,
            "created_by_id": by.pk,
            "created_by_name": by.audit_name[:200],
        }
    )
    data = _copy(copy_of, contest, by) if copy_of is not None else {}
    record("contest.opened", contest, by=by, data=data)
    return contest


_ARENA_WORDS = {"api", "assets", "healthz", "metrics"}  # addresses of the arena itself, below /thi/


def _free_slug(title: str) -> str:
    stem = slugify(fold(title))[:50].strip("-") or "cuoc-thi"
    taken = _ARENA_WORDS | set(Contest.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := _numbered(stem, number)) not in taken)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _copy(old: Contest, new: Contest, by: User) -> dict[str, object]:
    rounds = list(old.rounds.order_by("number"))
    shift, now = timedelta(), timezone.now()
    while rounds and min(one.opens_at for one in rounds) + shift <= now:
        shift += _YEAR
    made = {
        one.pk: Round.objects.create(
            contest=new,
            number=one.number,
            title=one.title,
            is_dry_run=one.is_dry_run,
            opens_at=one.opens_at + shift,
            closes_at=one.closes_at + shift,
        )
        for one in rounds
    }
    for rule in old.prize_rules.all():
        facts = {name: getattr(rule, name) for name in ("subject", "scope", "rank", "count", "amount")}
        PrizeRule.objects.create(contest=new, **facts)
    carried = hooks.copied(made, by)
    return {"copied_from": str(old), "days": shift.days, "rounds": len(made), "carried": carried}


@transaction.atomic(using=STORE)
def change_rules(
    contest: Contest, values: Mapping[str, Any], *, seen: datetime | None = None, reason: str = "", by: User
) -> Contest:
    """Change rules; `values` names columns of `rules.RULES`, `seen` is what the form was opened on.

    From the announcement on every change has a reason and is shown to everybody as a `RuleChange`.

    Raises:
        NotAllowed, Conflict: no right; changed by somebody else meanwhile, or cancelled.
        BadInput: a value, a reason that is missing, or a rule that may not change any more.
    """
    current = to_change(contest, by)
    check_unchanged(seen, current.changed_at)
    before = rule_values(current)
    columns = checked_rules({name: values[name] for name in RULES if name in values}, now=before)
    changed = changes(before, columns)
    if not changed:
        return current
    why = reason_for(current, reason)
    if current.is_frozen:
        opened = current.rounds.filter(is_dry_run=False, opens_at__lte=timezone.now() + SETTLED_BEFORE).exists()
        check_may_change(current, before, {name: columns[name] for name in changed}, opened=opened)
    for name in changed:
        setattr(current, name, columns[name])
    current.save()
    publish_changes(current, changed, reason=why, by=by)
    record("contest.changed", current, by=by, data=changed | ({"reason": why} if why else {}))
    raise_page_version(current.pk)
    return current


@transaction.atomic(using=STORE)
def announce_contest(contest: Contest, *, by: User) -> Contest:
    """Publish and freeze the rules: sign-up opens, papers are fixed, every later change is public.

    Raises:
        NotAllowed: `by` does not organise contests there.
        BadInput: something is missing; the message lists it.
        Conflict: it is announced already, or cancelled.
    """
    current = to_change(contest, by)
    at = timezone.now()
    stopping = [str(one.words) for one in missing_in(current, at=at) if one.stops]
    if current.status == ContestStatus.DRAFT and stopping:
        raise BadInput(_("Not yet: %(missing)s") % {"missing": " ".join(stopping)})
    transition(current, ContestStatus.ANNOUNCED, frozen_at=at, changed_at=at)
    hooks.announcing(current, by)
    record("contest.announced", current, by=by)
    raise_page_version(current.pk)
    return current


@transaction.atomic(using=STORE)
def cancel_contest(contest: Contest, *, reason: str, by: User) -> Contest:
    """Cancel a contest with a reason; what was announced says so to everybody.

    Raises:
        NotAllowed: `by` does not organise contests there.
        BadInput: no reason.
        Conflict: prizes are being decided, or it is cancelled already.
    """
    current = to_change(contest, by)
    why = checked_text(reason, "reason", 300, required=True)
    transition(current, ContestStatus.CANCELLED, cancel_reason=why, changed_at=timezone.now())
    publish_change(current, _("The contest is cancelled"), "", "", reason=why, by=by)
    record("contest.cancelled", current, by=by, data={"cancel_reason": ["", why]})
    raise_page_version(current.pk)
    return current
