"""Forms for everybody: signing up, entering by code, correcting what is held."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.codes import LENGTH
from langsen.contests.contests.consents import asked_fields, consent_words
from langsen.contests.contests.enums import AskedField, ConsentKind, SignUp
from langsen.contests.contests.models import PERSON_LENGTH, Contest, ContestUnit, Entrant
from langsen.contests.contests.queries.public import UNITS_SHOWN, units_like
from langsen.contests.contests.services.signing_up import OTHER_UNIT, SignUpFacts

_LONGEST_TYPED = 300


class CodeForm(forms.Form):
    """A personal code, however it is spaced; `too_many`: not even looked up, after too many wrong ones."""

    too_many = False
    code = forms.CharField(
        label=_("Personal code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "form-control code-entry",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "XXXXX-XXXXX",
            }
        ),
        help_text=_("%(length)s letters and digits; spaces, dashes and small letters do not matter.")
        % {"length": LENGTH},
    )


class UnitFields(forms.Form):
    """A unit of the contest picked by search: with htmx while typing, without it by the button “Search”."""

    unit_search = forms.CharField(required=False, max_length=_LONGEST_TYPED)
    unit = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def __init__(self, contest: Contest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contest = contest

    def unit_values(self) -> dict[str, Any]:
        """What the picker shows: the units found, the one chosen, whether more fit."""
        typed = str(self["unit_search"].value() or "")
        found = units_like(self.contest, typed)
        chosen = self._chosen()
        rows = [one for one in found[:UNITS_SHOWN] if chosen is None or one.pk != chosen.pk]
        return {
            "typed": typed,
            "chosen": chosen,
            "chosen_other": str(self["unit"].value()) == str(OTHER_UNIT),
            "found": rows,
            "more": len(found) > UNITS_SHOWN,
            "none": bool(typed.strip()) and not found,
        }

    def _chosen(self) -> ContestUnit | None:
        value = str(self["unit"].value() or "")
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            return None
        return self.contest.units.filter(pk=int(value)).first()


class SignUpForm(UnitFields):
    """Only what the contest asks for, each with its purpose; consents are unticked."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=_LONGEST_TYPED, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    mail = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "bday-year"}),
    )
    is_member = forms.TypedChoiceField(
        label=_("Are you a Party member?"),
        required=False,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    guardian_name = forms.CharField(label=_("Parent or guardian: full name"), required=False, max_length=_LONGEST_TYPED)
    guardian_agrees = forms.BooleanField(required=False)
    agrees = forms.BooleanField(required=False)
    may_publish_name = forms.BooleanField(required=False)
    is_other = forms.BooleanField(
        label=_("This is another person, or another person with the same phone: sign up anew"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, contest: Contest, *args: Any, confirmed: str = "", **kwargs: Any) -> None:
        super().__init__(contest, *args, **kwargs)
        self._keep_asked(contest, confirmed)
        for name, kind in (
            ("agrees", ConsentKind.TAKE_PART),
            ("guardian_agrees", ConsentKind.GUARDIAN),
            ("may_publish_name", ConsentKind.PUBLISH_NAME),
        ):
            if name in self.fields:
                self.fields[name].label = consent_words(contest, kind)
        self.order_fields(["full_name", "phone", "mail", "birth_year", "is_member"])

    def _keep_asked(self, contest: Contest, confirmed: str) -> None:
        """Take away what is not asked for; put the purpose beside what is."""
        purposes = dict(asked_fields(contest))
        proven = {SignUp.MAIL.value: "mail", SignUp.SMS.value: "phone"}.get(contest.sign_up)
        for asked in AskedField:
            name = asked.value
            if name == proven:
                self.fields[name].initial = confirmed
                self.fields[name].disabled = True
            elif asked not in purposes:
                del self.fields[name]
                continue
            self.fields[name].help_text = purposes.get(asked, "")
        if AskedField.UNIT not in purposes:
            del self.fields["unit_search"]
        if AskedField.BIRTH_YEAR in purposes and contest.guardian_below <= (contest.least_age or 0):
            del self.fields["guardian_name"], self.fields["guardian_agrees"]

    def plain_fields(self) -> list[Any]:
        """The fields drawn one under another, before the unit."""
        wanted = ("full_name", "phone", "mail", "birth_year", "is_member")
        return [self[name] for name in wanted if name in self.fields]

    def facts(self) -> SignUpFacts:
        """Return what was typed."""
        data = self.cleaned_data
        return SignUpFacts(
            full_name=data["full_name"],
            phone=data.get("phone", ""),
            mail=data.get("mail", ""),
            birth_year=data.get("birth_year"),
            is_member=data.get("is_member"),
            unit_id=data.get("unit"),
            guardian_name=data.get("guardian_name", ""),
            guardian_agrees=data.get("guardian_agrees", False),
            agrees=data["agrees"],
            may_publish_name=data["may_publish_name"],
        )


class MineForm(UnitFields):
    """What an entrant may put right until the contest closes."""

    full_name = forms.CharField(label=_("Full name"), max_length=_LONGEST_TYPED)
    phone = forms.CharField(label=_("Phone"), max_length=60)
    may_publish_name = forms.BooleanField(required=False)

    def __init__(self, entrant: Entrant, *args: Any, **kwargs: Any) -> None:
        initial = {
            "full_name": entrant.full_name,
            "phone": entrant.phone,
            "unit": OTHER_UNIT if entrant.unit_id is None else entrant.unit_id,
            "may_publish_name": entrant.may_publish_name,
        }
        super().__init__(entrant.contest, *args, initial=initial, **kwargs)
        asks = entrant.contest.asks
        self.fields["may_publish_name"].label = consent_words(entrant.contest, ConsentKind.PUBLISH_NAME)
        self.fields["full_name"].widget.attrs["maxlength"] = str(PERSON_LENGTH)
        if AskedField.PHONE not in asks or entrant.contest.sign_up == SignUp.SMS:
            del self.fields["phone"]
        if AskedField.UNIT not in asks:
            del self.fields["unit_search"], self.fields["unit"]


class AddressForm(forms.Form):
    """The address a code is sent to."""

    def __init__(self, contest: Contest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contest.sign_up == SignUp.SMS:
            self.fields["address"] = forms.CharField(
                label=_("Phone"),
                max_length=60,
                widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
            )
        else:
            self.fields["address"] = forms.EmailField(
                label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
            )


class SentCodeForm(forms.Form):
    """The code that arrived."""

    sent_code = forms.CharField(
        label=_("The code that arrived"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
