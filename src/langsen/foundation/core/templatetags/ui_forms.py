"""What the form components of `ui` need to know about a Django form."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import force_str
from django.utils.translation import gettext

from langsen.foundation.core import text
from langsen.foundation.core.forms import DayField

Query = MultiValueDict[str, str]

PAGE_PARAMETER = "page"
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "check"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
)


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it is, what it says, and the address without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True)
class FieldError:
    """An error of a form and the field it belongs to (none: the whole form)."""

    target: str
    label: str
    message: str


def field_kind(bound: BoundField) -> str:
    """How a field is drawn: input, textarea, select, check, choices, file or hidden."""
    if bound.is_hidden:
        return "hidden"
    return next((kind for widget, kind in _KINDS if isinstance(bound.field.widget, widget)), "input")


def field_context(bound: BoundField, help_text: str = "") -> dict[str, object]:
    """The control with its classes and ARIA references, and what stands around it."""
    kind = field_kind(bound)
    classes = {"select": "form-select", "check": "form-check-input", "choices": ""}.get(kind, "form-control")
    own = bound.field.widget.attrs.get("class", "")
    attrs: dict[str, str | bool] = {"class": f"{classes} {own}".strip()}
    help_id, error_id = f"{bound.auto_id}_help", f"{bound.auto_id}_error"
    help_text = help_text or force_str(bound.help_text)
    described = [name for name, present in ((help_id, help_text), (error_id, bound.errors)) if present]
    if kind == "file":  # the browser's own control speaks the language of the browser
        choose = bound.field.widget.attrs.get("data-choose") or gettext("Choose a file")
        attrs |= {"data-choose": str(choose), "data-none": gettext("No file chosen yet")}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
        attrs["class"] = f"{attrs['class']} is-invalid".strip()
    return {
        "bound": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attrs),
        "help": help_text,
        "help_id": help_id,
        "error_id": error_id,
    }


def error_list(form: BaseForm) -> list[FieldError]:
    """All errors of a bound form in the order of its fields, those of the whole form first."""
    found = [FieldError("", "", force_str(message)) for message in form.non_field_errors()]
    for bound in form:
        found += [FieldError(bound.auto_id, force_str(bound.label), force_str(m)) for m in bound.errors]
    return found


def address(query: Query, **changes: str | None) -> str:
    """The address of this page with parameters changed or (None) taken off, starting again at the first page."""
    kept = {key: values for key, values in query.lists() if key != PAGE_PARAMETER and key not in changes}
    return "?" + urlencode(kept | {key: [value] for key, value in changes.items() if value is not None}, doseq=True)


def filter_chips(form: BaseForm, query: Query) -> list[Chip]:
    """One chip for each field of the filter form that has a value in the address."""
    chips = []
    for bound in form:
        name = bound.html_name
        if bound.is_hidden or not any(query.getlist(name)):
            continue
        chips.append(Chip(force_str(bound.label), _shown(form, bound, query), address(query, **{name: None})))
    return chips


def _shown(form: BaseForm, bound: BoundField, query: Query) -> str:
    raw = [value for value in query.getlist(bound.html_name) if value]
    cleaned = getattr(form, "cleaned_data", {}).get(bound.name)
    if isinstance(cleaned, Model):
        return str(cleaned)
    if isinstance(cleaned, QuerySet):
        return ", ".join(str(item) for item in cleaned)
    choices = getattr(bound.field, "choices", None)
    if choices is not None and not isinstance(bound.field, forms.ModelChoiceField):
        names = {force_str(key): force_str(label) for key, label in _flat(choices)}
        return ", ".join(names.get(value, value) for value in raw)
    if isinstance(bound.field, DayField):
        return ", ".join(_day_shown(value) for value in raw)
    return ", ".join(raw)


def _day_shown(value: str) -> str:
    try:
        return text.day_text(text.parse_day(value))
    except ValueError:
        return value


def _flat(choices: Iterable[tuple[object, object]]) -> Iterable[tuple[object, object]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


def kept_parameters(form: BaseForm, query: Query) -> list[tuple[str, str]]:
    """What the address holds besides the filters (sorting, tab) and a new search must keep."""
    names = {bound.html_name for bound in form} | {PAGE_PARAMETER}
    return [(key, value) for key, values in query.lists() if key not in names for value in values]
