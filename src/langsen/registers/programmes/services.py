"""Keeping themes: who issues one, who must study it, on which source it rests."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.core.text import clean, day_text, fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import PersonClass
from langsen.registers.programmes.models import Programme, Theme, ThemeKind

_TEXTS = {"name_vi": 200, "name_en": 200, "source": 300}


@transaction.atomic
def add_theme(
    *,
    programme: Programme,
    org_unit: OrgUnit,
    kind: str,
    name_vi: str,
    from_on: date,
    obliged_classes: Sequence[str],
    source: str,
    by: User,
    name_en: str = "",
    last_on: date | None = None,
    is_verified: bool = False,
    code: str = "",
) -> Theme:
    """Add a theme issued by `org_unit` that obliges these classes there and below, from `from_on` to `last_on`.

    `code` is made from the name when none is given.

    Raises:
        NotAllowed: `by` keeps no themes in that unit.
        BadInput: a text, the days, the kind or the classes are not right, or the code is taken.
    """
    require(by, Permission.PROGRAMMES_WRITE, org_unit)
    facts = _checked(
        programme, org_unit, kind, {"name_vi": name_vi, "name_en": name_en or name_vi, "source": source},
        from_on, last_on, obliged_classes,
    )  # fmt: skip
    theme = Theme.objects.create(code=_free_code(code, name_vi), org_unit=org_unit, is_verified=is_verified, **facts)
    record("theme.added", theme, by=by)
    return theme


@transaction.atomic
def change_theme(
    theme: Theme,
    *,
    programme: Programme,
    kind: str,
    name_vi: str,
    from_on: date,
    obliged_classes: Sequence[str],
    source: str,
    by: User,
    name_en: str = "",
    last_on: date | None = None,
    is_verified: bool = False,
    seen: str | None = None,
) -> Theme:
    """Change a theme; its issuing unit and code stay. `seen` is `version_of` the theme the person was looking at.

    Raises:
        NotAllowed: `by` keeps no themes in its unit.
        BadInput: as for `add_theme`.
        Conflict: somebody changed it since `seen`.
    """
    require(by, Permission.PROGRAMMES_WRITE, theme.org_unit)
    locked = Theme.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=theme.pk)
    if seen is not None and seen != version_of(locked):
        raise Conflict(_("Somebody else has changed this theme meanwhile. Nothing of yours was recorded yet."))
    facts = _checked(
        programme, locked.org_unit, kind, {"name_vi": name_vi, "name_en": name_en or name_vi, "source": source},
        from_on, last_on, obliged_classes,
    ) | {"is_verified": is_verified}  # fmt: skip
    before = {name: _plain(getattr(locked, name)) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value)
    changed = changes(before, {name: _plain(value) for name, value in facts.items()})
    if changed:
        locked.save()
        record("theme.changed", locked, by=by, data=changed)
    return locked


def version_of(theme: Theme) -> str:
    """Return what the theme says, in short, to notice a change by somebody else."""
    parts = [theme.programme_id, theme.kind, theme.name_vi, theme.name_en, theme.source, theme.is_verified]
    return "|".join(str(part) for part in [*parts, theme.during.lower, theme.during.upper, *theme.obliged_classes])


def _checked(
    programme: Programme, unit: OrgUnit, kind: str, texts: dict[str, str], from_on: date, last_on: date | None,
    obliged_classes: Sequence[str],
) -> dict[str, object]:  # fmt: skip
    facts: dict[str, object] = {"programme": programme, "kind": kind}
    if kind not in ThemeKind.values:
        raise _refuse("kind", _("Choose the kind of theme."))
    for name, longest in _TEXTS.items():
        facts[name] = clean(texts[name])
        if not facts[name]:
            raise _refuse(name, _("This must not be left empty."))
        if len(clean(texts[name])) > longest:
            raise _refuse(name, _("This text is too long: at most %(longest)s letters fit.") % {"longest": longest})
    if last_on and last_on < from_on:
        raise _refuse("last_on", _("The last day lies before the first day."))
    if not unit.exists_on(from_on):
        message = _("“%(unit)s” did not exist on %(day)s.")
        raise _refuse("from_on", message % {"unit": unit.name, "day": day_text(from_on)})
    unknown = set(obliged_classes) - set(PersonClass.values)
    if unknown or not obliged_classes:
        raise _refuse("obliged_classes", _("Choose who must study the theme."))
    facts["obliged_classes"] = [name for name in PersonClass.values if name in set(obliged_classes)]
    facts["during"] = DateRange(from_on, last_on + ONE_DAY if last_on else None)
    return facts


def _free_code(wanted: str, name: str) -> str:
    code = slugify(fold(wanted or name))[:56].strip("-") or "theme"
    if wanted and Theme.objects.filter(code=code).exists():
        raise _refuse("code", _("The code “%(code)s” is taken. Choose another one.") % {"code": code})
    taken = set(Theme.objects.filter(code__startswith=code).values_list("code", flat=True))
    return next(c for c in [code, *(f"{code}-{n}" for n in range(2, len(taken) + 3))] if c not in taken)


def _plain(value: object) -> object:
    if isinstance(value, DateRange):
        return f"{day_text(value.lower)} – {day_text(value.upper - ONE_DAY if value.upper else None)}"
    return value.pk if isinstance(value, Model) else value


def _refuse(field: str, message: str) -> BadInput:
    return BadInput(message, fields={field: message})
