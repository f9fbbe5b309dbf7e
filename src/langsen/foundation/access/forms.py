"""Forms of accounts and roles. Which role may be given where is the use cases' to say."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Role
from langsen.foundation.access.queries import managed_units, role_choices
from langsen.foundation.access.services.invitations import LINK_DAYS, LONGEST_LINK_DAYS
from langsen.foundation.access.services.staff_mode import LONGEST_HOURS
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.text import clean
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.orgs.queries import units_matching

LONGEST_CHOICE = 200
SHOWN_CANDIDATES = 8
LONGEST_TEXT = 200


class UnitField(forms.Field):
    """A unit named by its code or by words of its name, among `units`; several that fit are listed in the message."""

    def __init__(self, units: QuerySet[OrgUnit], **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs["maxlength"] = str(LONGEST_TEXT)
        self.units = units

    def to_python(self, value: Any) -> Any:
        text = clean(str(value or ""))[:LONGEST_TEXT]
        if not text:
            return None
        exact = self.units.filter(code=text.split(" – ")[0].strip().upper()).first()
        if exact is not None:
            return exact
        found = list(units_matching(text, self.units)[: SHOWN_CANDIDATES + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No unit of yours is called “%(value)s”."), params={"value": text})
        names = "; ".join(f"{unit.code} – {unit.name}" for unit in found[:SHOWN_CANDIDATES])
        raise forms.ValidationError(
            _("Several units fit; type the code of one of them: %(names)s."), params={"names": names}
        )


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A unit chosen from a short list."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


def unit_field(units: QuerySet[OrgUnit]) -> forms.Field:
    """Return a choice while the list is short enough to look through, else a field to type into."""
    label = _("Unit")
    if units.order_by()[: LONGEST_CHOICE + 1].count() <= LONGEST_CHOICE:
        return UnitChoice(units, to_field_name="code", label=label, empty_label=_("Choose a unit"))
    return UnitField(
        units, label=label, help_text=_("Type the code or words of the name, without accents if you like.")
    )


class RoleFields(forms.Form):
    """A role in a unit, among what `user` may give."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["org_unit"] = unit_field(managed_units(user))
        self.fields["role"].choices = [("", _("Choose a role")), *role_choices(user)]  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleFields):
    display_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("If given, the link is also sent there; otherwise hand it over.")
    )
    grant_until = DayField(label=_("Role ends on"), required=False, help_text=_("Empty: until it is ended."))
    link_days = forms.IntegerField(
        label=_("The link works for (days)"), min_value=1, max_value=LONGEST_LINK_DAYS, initial=LINK_DAYS
    )
    field_order = ["display_name", "org_unit", "role", "email", "grant_until", "link_days"]


class GrantForm(RoleFields):
    username = forms.CharField(
        label=_("User name"), max_length=60, help_text=_("The person's own user name; ask for it.")
    )
    from_on = DayField(label=_("From"), required=False, help_text=_("Empty: from today."))
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty: until it is ended."))
    field_order = ["username", "org_unit", "role", "from_on", "last_on"]

    def clean_username(self) -> User:
        user = User.objects.filter(
            username=self.cleaned_data["username"].strip().lower(), is_active=True, is_system=False
        ).first()
        if user is None:
            raise forms.ValidationError(_("There is no account with this user name. Invite the person instead."))
        return user


class EndGrantForm(forms.Form):
    at_once = forms.BooleanField(label=_("End at once"), required=False)
    last_on = DayField(label=_("Last day"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("at_once") and not values.get("last_on") and "last_on" not in self.errors:
            raise forms.ValidationError(_("Say which day is the last, or end the role at once."))
        return values


class ResetForm(forms.Form):
    drop_two_step = forms.BooleanField(
        label=_("The phone with the second step is lost too: remove two-step sign-in"), required=False
    )


class NewPasswordForm(forms.Form):
    """A password typed twice."""

    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; a short sentence is easy to remember and hard to guess."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class AcceptForm(NewPasswordForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Letters a-z without accents and digits, for example: hoa.lo"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ["username", "password", "again"]


class StaffModeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the log, and every act until the end is marked with staff mode."),
    )
    hours = forms.TypedChoiceField(
        label=_("For how many hours"), coerce=int, choices=[(n, str(n)) for n in range(1, LONGEST_HOURS + 1)]
    )


class GrantFilter(forms.Form):
    q = forms.CharField(label=_("Name, user name or unit"), required=False, max_length=120)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
    state = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("Always")), ("now", _("now in force")), ("coming", _("coming")), ("past", _("ended"))],
    )
