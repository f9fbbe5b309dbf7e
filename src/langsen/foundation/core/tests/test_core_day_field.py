"""One way to write a day in every form, and one clear answer when it is not one."""

from datetime import date

import pytest
from django import forms
from django.utils import translation

from langsen.foundation.core.forms import DayField


class _Form(forms.Form):
    day = DayField(label="Ngày")
    other = DayField(label="Ngày khác", required=False)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["22/9/2026", "22-09-2026", "22.9.2026", " 22/09/2026 ", "2026-09-22", "22092026"])
def test_a_day_is_read_the_same_in_both_languages(language: str, typed: str) -> None:
    with translation.override(language):
        form = _Form({"day": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"day": date(2026, 9, 22), "other": None}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_third_of_september_is_never_the_ninth_of_march(language: str) -> None:
    with translation.override(language):
        form = _Form({"day": "3/9/2026"})
        assert form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 9, 3)


@pytest.mark.parametrize("typed", ["31/2/2026", "9/22/2026", "hôm qua", "22/9", "22/9/26", "99999999"])
def test_what_is_no_day_is_named_with_an_example(typed: str) -> None:
    with translation.override("vi"):
        form = _Form({"day": typed})
        assert form.errors["day"] == [f"“{typed}” không phải là ngày. Đồng chí viết như 22/9/2026."]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_control_is_text_showing_the_day_first(language: str) -> None:
    with translation.override(language):
        drawn = str(_Form(initial={"day": date(2026, 9, 3)})["day"])
    assert 'type="text"' in drawn
    assert 'value="3/9/2026"' in drawn


def test_what_was_typed_comes_back_as_it_was() -> None:
    assert 'value="31/2/2026"' in str(_Form({"day": "31/2/2026"})["day"])


def test_an_unchanged_day_is_unchanged() -> None:
    form = _Form({"day": "3/9/2026"}, initial={"day": date(2026, 9, 3)})
    assert form.changed_data == []
