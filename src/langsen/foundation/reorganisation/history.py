"""What happened to a unit, in an office's words: changes of the tree and the log."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from langsen.foundation.audit.queries import history_of
from langsen.foundation.audit.words import verb_words
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import Operation, OrgChange, OrgUnit

Event = Mapping[str, object]
_SHOWN = 12
_LOG_LENGTH = 50


def changes_of(unit: OrgUnit) -> list[Event]:
    """Return the unit's operations for the timeline component, the newest first."""
    changes = list(unit.changes.order_by("-effective_on", "-id"))
    names = dict(OrgUnit.objects.filter(code__in=_codes(changes)).values_list("code", "name"))
    return [
        {"on": change.effective_on, "text": words(change, unit, names), "note": paper_of(change)} for change in changes
    ]


def paper_of(change: OrgChange) -> str:
    """Return the decision an operation rests on, in words; and whether it was recorded after its day."""
    parts = []
    if change.decision_number:
        parts.append(_("Decision No. %(number)s") % {"number": change.decision_number})
    if change.decided_on:
        parts.append(_("of %(day)s") % {"day": day_text(change.decided_on)})
    if change.signatory:
        parts.append(_("signed by %(who)s") % {"who": change.signatory})
    if change.facts.get("back_dated") and change.operation != Operation.ESTABLISH:
        parts.append(_("recorded on %(day)s, after its day") % {"day": day_text(change.recorded_at)})
    return ", ".join(parts)


def words(change: OrgChange, unit: OrgUnit, names: Mapping[str, str]) -> str:
    """Say what the operation meant for this unit."""
    facts = change.facts
    if change.operation == Operation.ESTABLISH:
        return _("Established")
    if change.operation == Operation.RENAME:
        old, new = facts["name"]
        return _("Renamed from “%(old)s” to “%(new)s”") % {"old": old, "new": new}
    if change.operation == Operation.MOVE:
        old, new = facts["superior"]
        return _("%(unit)s moved from %(old)s to %(new)s") % {
            "unit": names.get(facts["unit"], facts["unit"]),
            "old": names.get(old, old),
            "new": names.get(new, new),
        }
    return _regrouping_words(change, unit, names)


def _regrouping_words(change: OrgChange, unit: OrgUnit, names: Mapping[str, str]) -> str:
    """Say what merging, dividing or dissolving meant for one that ended, took over, lost a part, or went along."""
    facts = change.facts
    sources = _listed(facts["predecessors"] or [facts["kept"]], names)
    if unit.code in facts["predecessors"]:
        return _ending_words(change, _listed(facts["successors"], names))
    if unit.code == facts["kept"]:
        return _("A part became: %(units)s") % {"units": _listed(facts["successors"], names)}
    if unit.code not in facts["successors"]:
        heir = facts["children"].get(unit.code, "")
        return _("Moved to %(unit)s, when %(former)s changed") % {"unit": names.get(heir, heir), "former": sources}
    if change.operation == Operation.SPLIT:
        return _("Divided off from %(units)s") % {"units": sources}
    return _("Merged from %(units)s") % {"units": sources}


def _listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    return list_names([names.get(code, code) for code in codes])


def _ending_words(change: OrgChange, successors: str) -> str:
    if change.operation == Operation.MERGE:
        return _("Merged into %(units)s") % {"units": successors}
    if change.operation == Operation.SPLIT:
        return _("Divided into %(units)s") % {"units": successors}
    return _("Dissolved, handed over to %(units)s") % {"units": successors} if successors else _("Dissolved")


def list_names(names: list[str]) -> str:
    """Write names in a row, a long list shortened with its count."""
    shown = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        return _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - _SHOWN}
    return shown


def _codes(changes: Iterable[OrgChange]) -> set[str]:
    codes: set[str] = set()
    for change in changes:
        facts = change.facts
        for key in ("predecessors", "successors"):
            codes |= set(facts.get(key) or [])
        codes |= set((facts.get("children") or {}).values())
        codes |= {code for code in (facts.get("kept"), facts.get("unit")) if code}
        if change.operation == Operation.MOVE:
            codes |= set(facts["superior"])
    return codes


def log_of(unit: OrgUnit) -> list[Event]:
    """Return the newest entries of the log about this unit, for whoever may read the log."""
    events = history_of(unit)[:_LOG_LENGTH]
    return [{"at": event.at, "text": verb_words(event), "by": event.actor_name} for event in events]
