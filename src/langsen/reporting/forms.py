"""The question of the page of figures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.forms import DayField
from langsen.foundation.figures.engine import Asked
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.programmes.models import Theme


class QuestionForm(forms.Form):
    """Unit, days, reading and theme, in the address. Days are typed as 17/5/2023 or picked."""

    unit = forms.ChoiceField(label=_("Unit"))
    from_ = DayField(label=_("From"))
    to = DayField(label=_("To"))
    tree = forms.ChoiceField(label=_("Counted"), choices=Reading.choices)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, asked: Asked, units: list[OrgUnit], themes: list[Theme]) -> None:
        super().__init__()
        self.fields["from"] = self.fields.pop("from_")
        self.order_fields(["unit", "from", "to", "tree", "theme"])
        choices = {unit.code: unit.name for unit in units} | {asked.unit.code: asked.unit.name}
        self.fields["unit"].choices = list(choices.items())  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", _("All themes"))] + [(theme.code, theme.name) for theme in themes]  # type: ignore[attr-defined]
        chosen = next((theme.code for theme in themes if theme.pk == asked.theme_id), "")
        self.initial = {
            "unit": asked.unit.code,
            "from": asked.period.first,
            "to": asked.period.last,
            "tree": asked.reading.value,
            "theme": chosen,
        }
