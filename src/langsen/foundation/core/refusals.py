"""Showing what a use case refused beside the fields it is about."""

from django import forms

from langsen.foundation.core.errors import LangsenError


def show_refusal(form: forms.BaseForm, error: LangsenError) -> None:
    """Put the error's messages on the bound form: at their fields where the form has them, else above it."""
    placed = {name: words for name, words in error.fields.items() if name in form.fields}
    for name, words in placed.items():
        form.add_error(name, str(words))
    if not placed or str(error.message) not in {str(words) for words in placed.values()}:
        form.add_error(None, str(error.message))
