"""Steps of every use case of the organising board, inside the contest store's transaction."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import AskedField, ContestStatus, RankingKey
from langsen.contests.contests.models import Contest, RuleChange
from langsen.contests.contests.rules import require_in
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import Conflict
from langsen.registers.kit.rules import checked_text


def to_change(contest: Contest, by: User) -> Contest:
    """Return the contest as it stands now, locked until the transaction ends.

    Raises:
        NotAllowed: `by` does not organise contests there.
        Conflict: it was cancelled.
    """
    require_in(by, Permission.CONTESTS_ORGANISE, contest)
    current = Contest.objects.select_for_update().get(pk=contest.pk)
    if current.status == ContestStatus.CANCELLED:
        raise Conflict(_("The contest is cancelled; it stays as it was."))
    return current


def reason_for(current: Contest, reason: str) -> str:
    """Return the reason, which is needed from the announcement on.

    Raises:
        BadInput: none is given though the rules are announced.
    """
    return checked_text(reason, "reason", 500, required=current.is_frozen)


def publish_change(current: Contest, what: str, before: str, after: str, *, reason: str, by: User) -> None:
    """Show a change to everybody once the rules are announced; before that nobody has read them."""
    if current.is_frozen:
        RuleChange.objects.create(
            contest=current,
            what=what[:200],
            before=before,
            after=after,
            reason=reason,
            changed_by_id=by.pk,
            changed_by_name=by.audit_name[:200],
        )


def publish_changes(current: Contest, changed: Mapping[str, list[Any]], *, reason: str, by: User) -> None:
    """Show every changed rule in the public's language, whoever writes."""
    with translation.override(settings.LANGUAGE_CODE):
        for name, (before, after) in changed.items():
            label = str(getattr(Contest._meta.get_field(name), "verbose_name", name))
            words = _words(name, before), _words(name, after)
            publish_change(current, label[:1].upper() + label[1:], *words, reason=reason, by=by)


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "asks":
        return "; ".join(f"{AskedField(field).label}: {purpose}" for field, purpose in value.items())
    if name == "ranking":
        return ", ".join(str(RankingKey(key).label) for key in value)
    if isinstance(value, list):
        return "; ".join(value)
    choices = dict(Contest._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, "–" if value is None else value))
