"""Fields several forms of reports share."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import acts_everywhere, own_units, units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.figures.catalogue import all_figures, figure_by_code
from langsen.foundation.orgs.models import OrgClosure, OrgUnit
from langsen.reports.rules import own_unit_ids

MOST_UNITS = 300


class UnitField(forms.ChoiceField):
    """A unit where the reader holds a permission: their own and those directly below; the address may name others."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        self.units: QuerySet[OrgUnit] = OrgUnit.objects.none()
        self.empty = empty
        super().__init__(**kwargs)

    def offer(self, user: User, permission: Permission, code: str = "") -> None:
        """Fill the choices for `user`, with the unit of this code when they hold the permission there."""
        self.units = units_where(user, permission).filter(during__contains=today())
        own = [unit.pk for unit in own_units(user)]
        mine = self.units.filter(pk__in=own).order_by("kind__level", "sort_key", "id")
        below = OrgClosure.objects.filter(ancestor__in=own, depth=1, during__contains=today())
        near = self.units.filter(pk__in=below.values("descendant")).order_by("sort_key", "id")[:MOST_UNITS]
        named = units_where(user, permission).filter(code=code.strip().upper()) if code else []
        offered = {unit.code: unit.name for unit in [*mine, *near, *named]}
        if not offered:  # staff mode: no grant of one's own
            offered = {unit.code: unit.name for unit in self.units.order_by("kind__level", "sort_key", "id")[:50]}
        empty = [("", self.empty)] if self.empty is not None else []
        self.choices = [*empty, *offered.items()]

    def offer_own(self, user: User, permission: Permission) -> None:
        """Fill the choices with the units `user` holds the permission in by a role given there."""
        units = OrgUnit.objects.filter(pk__in=own_unit_ids(user, permission))
        if acts_everywhere(user):
            units = OrgUnit.objects.filter(during__contains=today())
        ordered = units.order_by("kind__level", "sort_key", "id")[:MOST_UNITS]
        self.choices = [(unit.code, unit.name) for unit in ordered]

    def clean(self, value: Any) -> OrgUnit | None:
        code = str(super().clean(value) or "")
        return OrgUnit.objects.select_related("kind").filter(code=code).first() if code else None


def figure_choices() -> list[tuple[str, str]]:
    """Return the catalogue as choices, parts behind their parent's name."""
    choices = []
    for figure in all_figures():
        name = str(figure.name)
        if figure.parent:
            name = f"{figure_by_code(figure.parent).name}: {name}"
        choices.append((figure.code, name))
    return choices


def show_refusal(form: forms.BaseForm, error: BadInput | Conflict) -> None:
    """Put what a use case refused into the form it came from: at its fields, or above all of them."""
    placed = False
    for name, message in error.fields.items():
        if name in form.fields:
            form.add_error(name, str(message))
            placed = True
    if not placed:
        form.add_error(None, str(error.message))
