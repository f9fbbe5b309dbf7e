"""What a section may say: tokens that can be read, numbers that are numbers."""

from dataclasses import replace

from django.utils.translation import gettext as _

from langsen.reports import rules
from langsen.reports.models import Report
from langsen.reports.queries.numbers import Unreadable, figure_named, unit_of_number, unknown_figure
from langsen.reports.text.tokens import Broken, Token, broken_in, canonical, parse, tokens_in
from langsen.reports.text.typed import malformed_in

BODY_LENGTH = 40_000


def checked_body(report: Report, body: str, *, before: str = "") -> str:
    """Return a sent text as it is stored.

    Figures and units that were already named `before` are let through though they cannot be read any more: the page
    marks them, and the report does not go to be signed with them.

    Raises:
        BadInput: at `body`, with every mistake in one message.
    """
    text = canonical(rules.checked_text(body, "body", BODY_LENGTH, lines=True))
    known = {token.key for token in tokens_in(before)}
    mistakes = [broken.message for broken in broken_in(text)]
    mistakes += [
        _("“%(number)s” is no number: groups have three digits (8.198), decimals a comma (57,6).") % {"number": number}
        for number in malformed_in(text)
    ]
    for token in tokens_in(text):
        problem = "" if token.key in known else unreadable(report, token)
        if problem:
            mistakes.append(problem)
    if mistakes:
        raise rules.refuse("body", " ".join(dict.fromkeys(mistakes)))
    return text


def unreadable(report: Report, token: Token) -> str:
    """Return why the figure or unit of a token cannot be read, or an empty text."""
    if figure_named(token.code) is None:
        return unknown_figure(token.code)
    unit = unit_of_number(report, token.unit_code)
    return unit.message if isinstance(unit, Unreadable) else ""


def with_own_numbers(body: str, own_code: str) -> str:
    """Return the text with `@OWN` left out where it names the report's own unit: one figure, one value."""
    pieces = [
        replace(piece, unit_code="") if isinstance(piece, Token) and piece.unit_code == own_code else piece
        for piece in parse(body)
    ]
    return "".join(piece.text if isinstance(piece, Broken) else str(piece) for piece in pieces)
