"""Forms of the tree: looking on a day, and the six operations with the decision each rests on."""

import re
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.forms import UnitField
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import day_text
from langsen.foundation.orgs.models import OrgPlacement, OrgUnit, UnitKind
from langsen.foundation.orgs.queries import parent_on, tree_version
from langsen.foundation.reorganisation.changes import Decision
from langsen.foundation.reorganisation.tree import from_day

MOST_HEIRS = 12
# Rows for successors shown at once; the rest lies under “more successors”.
SHOWN_HEIRS = 3
LONGEST_LIST = 200
STAY = "-"
CODE_OR_WORDS = _("Type the code or words of the name, without accents if you like.")


class TreeFilter(forms.Form):
    """Search and the day the tree is looked at."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=200)
    ngay = DayField(label=_("On the day"), required=False)


class KindChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def kinds_in_use() -> QuerySet[UnitKind]:
    """Return the kinds a unit may be established as today, the highest level first."""
    return UnitKind.objects.filter(during__contains=today()).order_by("level", "code")


class OperationForm(forms.Form):
    """The decision and day every operation asks for; `unit` is the unit whose page it was opened from."""

    effective_on = DayField(label=_("Effective from"))
    decision_number = forms.CharField(label=_("Decision number"), max_length=80)
    decided_on = DayField(label=_("Day of the decision"))
    signatory = forms.CharField(label=_("Signed by"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    tree_version = forms.IntegerField(widget=forms.HiddenInput)

    _PAPER = ("decision_number", "decided_on", "signatory", "note")

    def __init__(self, *args: Any, unit: OrgUnit, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.unit, self.user = unit, user
        self.fields["tree_version"].initial = tree_version
        self.add_fields()
        own = [name for name in self.fields if name not in OperationForm.base_fields]
        self.order_fields([*own, *OperationForm.base_fields])

    def add_fields(self) -> None:
        """Add what depends on the unit and the user."""

    def changeable(self) -> QuerySet[OrgUnit]:
        """Return the units that have not ended, other than this one, that the user may change."""
        units = units_where(self.user, Permission.ORGS_CHANGE).filter(during__overlap=from_day(today()))
        return units.exclude(pk=self.unit.pk).select_related("kind").order_by("sort_key", "id")

    def superior_field(self, label: object) -> UnitField:
        """Make the field for the superior of units this operation establishes."""
        return UnitField(
            self.changeable(),
            label=label,
            required=False,
            help_text=_("Empty: the superior this unit has on that day."),
        )

    def siblings(self) -> list[OrgUnit]:
        """Return the units beside this one today, as long as the list can be looked through."""
        parent = parent_on(self.unit, today())
        placed = {"placements__parent": parent, "placements__during__contains": today()}
        return list(self.changeable().filter(**placed)[:LONGEST_LIST])

    def children(self) -> dict[str, str]:
        """Return code and name of what stands below today or later."""
        rows = OrgPlacement.objects.filter(parent=self.unit, during__overlap=from_day(today()))
        return {
            row.org_unit.code: row.org_unit.name
            for row in rows.select_related("org_unit").order_by("org_unit__sort_key", "id")
        }

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Return what this operation asks for besides the decision."""
        return [field for field in self.visible_fields() if field.name not in OperationForm.base_fields]

    @property
    def decision_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in OperationForm.base_fields if not self[name].is_hidden]

    @property
    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(data["decision_number"], data["decided_on"], data["signatory"], data["note"])

    @property
    def decision_words(self) -> list[tuple[object, str]]:
        """Return label and text of what the operation rests on, as far as it was said."""
        shown = [(self.fields[name].label, self.cleaned_data[name]) for name in self._PAPER]
        return [(label or "", day_text(value) if isinstance(value, date) else value) for label, value in shown if value]


class EstablishForm(OperationForm):
    """A new unit below this one."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Letters without accents, digits, dashes."))
    name = forms.CharField(label=_("Name"), max_length=200)

    def add_fields(self) -> None:
        self.fields["kind"] = KindChoice(
            kinds_in_use(), to_field_name="code", label=_("Kind of unit"), empty_label=_("Choose a kind")
        )


class RenameForm(OperationForm):
    name = forms.CharField(label=_("New name"), max_length=200)


class MoveForm(OperationForm):
    def add_fields(self) -> None:
        self.fields["parent"] = UnitField(self.changeable(), label=_("New superior"), help_text=CODE_OR_WORDS)


class MergeForm(OperationForm):
    """This unit and others become one: a new unit, or one that is there."""

    code = forms.CharField(
        label=_("Code of the new unit"),
        max_length=40,
        required=False,
        help_text=_("Only when a new unit is established."),
    )
    name = forms.CharField(label=_("Name of the new unit"), max_length=200, required=False)
    more = forms.CharField(
        label=_("And with units elsewhere"),
        max_length=2000,
        required=False,
        help_text=_("Their codes, with commas between them."),
    )

    def add_fields(self) -> None:
        self.fields["others"] = forms.MultipleChoiceField(
            label=_("Merged together with"),
            choices=[(unit.code, f"{unit.name} ({unit.code})") for unit in self.siblings()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["successor"] = UnitField(
            self.changeable(), label=_("Into the existing unit"), required=False, help_text=CODE_OR_WORDS
        )
        self.fields["kind"] = KindChoice(
            kinds_in_use(),
            to_field_name="code",
            label=_("Kind of the new unit"),
            required=False,
            initial=self.unit.kind.code,
        )
        self.fields["parent"] = self.superior_field(_("Superior of the new unit"))
        self.order_fields(["others", "more", "successor", "code", "name", "kind", "parent"])

    def clean_more(self) -> list[str]:
        """Return the codes typed; each must be a unit the user may change."""
        codes = list(dict.fromkeys(re.findall(r"[^\s,;]+", self.cleaned_data["more"].upper())))
        known = set(self.changeable().filter(code__in=codes).values_list("code", flat=True))
        if unknown := [code for code in codes if code not in known]:
            raise forms.ValidationError(
                _("You may change no unit with these codes: %(codes)s.") % {"codes": ", ".join(unknown[:20])}
            )
        return codes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        new = bool(data.get("code") or data.get("name"))
        if "successor" in data and bool(data["successor"]) == new:
            self.add_error(
                "successor", _("Name either an existing unit or the code and name of a new one, and not both.")
            )
        if new and not (data.get("code") and data.get("name") and data.get("kind")):
            self.add_error("code", _("A new unit needs a code, a name and a kind."))
        return data


class SplitForm(OperationForm):
    """This unit is divided; every unit below it is sent to one of the heirs, by their number."""

    keeps = forms.BooleanField(
        label=_("The unit goes on; only a part of it becomes another unit"),
        required=False,
    )

    def add_fields(self) -> None:
        self.fields["kind"] = KindChoice(
            kinds_in_use(), to_field_name="code", label=_("Kind of the new units"), initial=self.unit.kind.code
        )
        self.fields["parent"] = self.superior_field(_("Superior of the new units"))
        for number in range(1, MOST_HEIRS + 1):
            words = {"number": number}
            self.fields[f"code_{number}"] = forms.CharField(
                label=_("Successor %(number)s: code") % words,
                max_length=40,
                required=False,
                help_text=_("The code of a unit that is there, or a new one.") if number == 1 else "",
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Successor %(number)s: name") % words, max_length=200, required=False
            )
        heirs = [(str(number), _("Successor %(number)s") % {"number": number}) for number in range(1, MOST_HEIRS + 1)]
        stay = [(STAY, _("not chosen (stays, when the unit goes on)"))]
        for code, name in self.children().items():
            self.fields[f"child_{code}"] = forms.ChoiceField(
                label=_("%(unit)s goes to") % {"unit": f"{name} ({code})"}, choices=[*stay, *heirs], initial=STAY
            )
        self.fields["members_to"] = forms.ChoiceField(
            label=_("The unit's own officials and members go to"),
            choices=[(STAY, _("stay until they are transferred one by one")), *heirs],
            initial=STAY,
        )
        self.order_fields(["keeps", "kind", "parent"])

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [field for field in super().own_fields if not field.name.startswith(("code_", "name_", "child_"))]

    @property
    def heir_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return code and name of the first successors, side by side."""
        return self._heir_fields()[:SHOWN_HEIRS]

    @property
    def more_heir_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return self._heir_fields()[SHOWN_HEIRS:]

    @property
    def more_heirs_open(self) -> bool:
        return any(bound.value() or bound.errors for pair in self.more_heir_fields for bound in pair)

    def _heir_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"code_{number}"], self[f"name_{number}"]) for number in range(1, MOST_HEIRS + 1)]

    @property
    def child_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("child_")]

    def heirs(self) -> dict[str, tuple[str, str]]:
        """Return {number: (code, name)} of the successors filled in."""
        data = self.cleaned_data
        return {
            str(number): (data[f"code_{number}"].strip().upper(), data[f"name_{number}"])
            for number in range(1, MOST_HEIRS + 1)
            if data.get(f"code_{number}")
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        heirs = self.heirs()
        existing = set(
            OrgUnit.objects.filter(code__in=[code for code, _name in heirs.values()]).values_list("code", flat=True)
        )
        for number, (code, name) in heirs.items():
            if not name and code not in existing:
                self.add_error(f"name_{number}", _("A new unit needs a name."))
        for field, chosen in list(data.items()):
            if (field.startswith("child_") or field == "members_to") and chosen not in {STAY, *heirs}:
                self.add_error(field, _("This successor has no code yet."))
        return data


class DissolveForm(OperationForm):
    def add_fields(self) -> None:
        parent = parent_on(self.unit, today())
        self.fields["successor"] = UnitField(
            self.changeable(),
            label=_("Handed over to"),
            required=False,
            help_text=_("Empty: what was recorded counts at the superior unit."),
        )
        if self.children():
            self.fields["children_to"] = UnitField(
                self.changeable(),
                label=_("Units below it go to"),
                initial=parent.code if parent else "",
                help_text=CODE_OR_WORDS,
            )
