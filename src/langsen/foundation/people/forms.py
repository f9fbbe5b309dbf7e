"""Forms of the roster."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.forms import unit_field
from langsen.foundation.access.rules import units_where
from langsen.foundation.accounts.models import User
from langsen.foundation.core.forms import DayField
from langsen.foundation.core.periods import today
from langsen.foundation.core.text import clean, parse_day
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import ExemptionReason, MembershipEnd, PersonClass, Sex
from langsen.foundation.people.masking import plain_day, shown_days
from langsen.foundation.people.models import SENSITIVE_FIELDS, Person
from langsen.foundation.people.rules import NAME_LIMIT
from langsen.foundation.people.services import PersonDetails

_YEARS = range(1900, 2101)


class RosterFilter(forms.Form):
    """Search and filters of the roster; they live in the address."""

    q = forms.CharField(label=_("Search by name"), required=False, max_length=120)
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("name or code")}),
    )
    person_class = forms.ChoiceField(label=_("Class"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes: Any = self.fields["person_class"]
        classes.choices = [("", _("all")), *PersonClass.choices]
        states: Any = self.fields["state"]
        states.choices = [("", _("at present")), ("exempt", _("exempt")), ("former", _("former"))]


class BirthField(forms.CharField):
    """A day, or the year alone: cleaned to (day, is the year alone)."""

    def clean(self, value: Any) -> Any:
        text = clean(str(super().clean(value) or ""))
        if not text:
            return None, False
        if text.isdigit() and int(text) in _YEARS:
            return parse_day(f"1/1/{text}"), True
        try:
            return parse_day(text), False
        except ValueError:
            raise forms.ValidationError(
                _("“%(value)s” is not a day. Write it like 22/9/1983, or the year alone."), params={"value": text}
            ) from None


class DetailsForm(forms.Form):
    """What is held about a person besides memberships.

    For an existing person whose masked days the reader may not see, an empty field means unchanged.
    """

    full_name = forms.CharField(label=_("Full name"), max_length=NAME_LIMIT)
    born_on = BirthField(
        label=_("Date of birth"), required=False, max_length=20, help_text=_("Like 22/9/1983, or the year alone.")
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    joined_on = DayField(label=_("Joined the Party on"), required=False)
    official_on = DayField(label=_("Full member since"), required=False)

    def __init__(self, *args: Any, person: Person | None = None, revealed: bool = False, **kwargs: Any) -> None:
        self.person, self.revealed = person, revealed
        super().__init__(*args, **kwargs)
        sex: Any = self.fields["sex"]
        sex.choices = [("", "–"), *Sex.choices]
        if person is not None:
            self._prefill(person)

    def _prefill(self, person: Person) -> None:
        self.initial = {**self.initial, "full_name": person.full_name, "sex": person.sex}
        if self.revealed:
            self.initial.update({name: plain_day(person, name) for name in SENSITIVE_FIELDS})
            return
        for name, masked in shown_days(person, revealed=False).items():
            if masked:
                self.fields[name].help_text = _("Held: %(masked)s. Leave empty to keep it.") % {"masked": masked}

    def details(self) -> PersonDetails:
        """Return what the form says; masked days left empty keep what is held."""
        data = self.cleaned_data
        born_on, year_only = data["born_on"]
        joined_on, official_on = data["joined_on"], data["official_on"]
        if self.person is not None and not self.revealed:
            if born_on is None:
                born_on, year_only = self.person.born_on, self.person.born_year_only
            joined_on = joined_on or self.person.joined_on
            official_on = official_on or self.person.official_on
        return PersonDetails(data["full_name"], born_on, year_only, data["sex"], joined_on, official_on)


class RosterForm(forms.Form):
    """A form that names units whose roster the user keeps."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def own_unit_field(self) -> forms.Field:
        units = units_where(self.user, Permission.PEOPLE_WRITE).filter(during__contains=today())
        return unit_field(units.order_by("sort_key", "id"))


class MembershipForm(RosterForm):
    """One more unit a person belongs to, or the first."""

    person_class = forms.ChoiceField(label=_("Class"), choices=PersonClass.choices)
    from_on = DayField(label=_("In this unit from"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["org_unit"] = self.own_unit_field()
        self.order_fields(["org_unit", "person_class", "from_on"])


class NewPersonForm(DetailsForm):
    """A new person with the first membership; `is_other` answers the question about a likely double."""

    person_class = forms.ChoiceField(label=_("Class"), choices=PersonClass.choices)
    from_on = DayField(label=_("In this unit from"))
    is_other = forms.BooleanField(label=_("This is another person, add anew"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_where(user, Permission.PEOPLE_WRITE).filter(during__contains=today())
        self.fields["org_unit"] = unit_field(units.order_by("sort_key", "id"))
        self.order_fields(["full_name", "org_unit", "person_class", "from_on", "born_on", "sex"])

    def ask_whether_other(self) -> None:
        self.fields["is_other"].widget = forms.CheckboxInput()


class TransferForm(RosterForm):
    on = DayField(label=_("First day in the new unit"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["to"] = self.own_unit_field()
        self.fields["to"].label = _("New unit")
        self.order_fields(["to", "on"])


class DividedForm(forms.Form):
    """Where people of a divided unit go, and from when; the ticks stand beside it. `heirs` are the units offered."""

    to = forms.ChoiceField(label=_("New unit"))
    on = DayField(label=_("First day in the new unit"))

    def __init__(self, *args: Any, heirs: Sequence[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heirs = {str(unit.pk): unit for unit in heirs}
        self.fields["to"].choices = [(pk, unit.name) for pk, unit in self.heirs.items()]  # type: ignore[attr-defined]

    @property
    def has_heirs(self) -> bool:
        return bool(self.heirs)

    def clean_to(self) -> OrgUnit:
        return self.heirs[self.cleaned_data["to"]]


class EndMembershipForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why it ends"))
    last_on = DayField(
        label=_("Last day"), required=False, help_text=_("Not asked for a membership entered by mistake.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [one for one in MembershipEnd.choices if one[0] != MembershipEnd.REORGANISED]


class FullMemberForm(forms.Form):
    on = DayField(label=_("Full member since"))


class LastDayForm(forms.Form):
    last_on = DayField(label=_("Last day"))


class PostForm(RosterForm):
    title = forms.CharField(label=_("Post"), max_length=120)
    is_head = forms.BooleanField(label=_("Head of the organisation"), required=False)
    from_on = DayField(label=_("From"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["org_unit"] = self.own_unit_field()
        self.order_fields(["org_unit", "title", "is_head", "from_on"])


class ExemptionForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=ExemptionReason.choices)
    from_on = DayField(label=_("From"))
    last_on = DayField(label=_("Last day"), required=False, help_text=_("Empty while no end is known."))
    decision_number = forms.CharField(label=_("Decision number"), max_length=80, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"), max_length=60, required=False, help_text=_("Empty to take the link away.")
    )

    def clean_username(self) -> User | None:
        name = clean(self.cleaned_data["username"]).lower()
        if not name:
            return None
        account = User.objects.filter(username=name, is_system=False).first()
        if account is None:
            raise forms.ValidationError(_("There is no account with this user name."))
        return account


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=_("What is not right, and what should it say?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(forms.Form):
    is_done = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("corrected")), ("no", _("kept as it is"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
