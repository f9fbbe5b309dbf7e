"""Bound numbers inside a text: `{study.sessions}`, `{study.remote_points:02}`, `{study.attendances:hơn 430.000}`.

A token names a figure, optionally a unit below (`@LCH-1`) and a form of printing. The stored form carries no value; the
form shown to people begins with it: `{8.198|study.sessions}`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from langsen.foundation.core.text import clean, parse_number
from langsen.reports.text.printing import DENOMINATOR, NUMERATOR, ROUNDINGS, TWO_DIGITS, vietnamese_number

# An opening brace up to its closing one on the same line; a brace alone is found too, to be refused.
_BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
_CODE = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_TOKEN = re.compile(rf"\s*(?P<code>{_CODE})\s*(?:@\s*(?P<unit>[A-Za-z0-9._-]+)\s*)?(?::(?P<form>[^:]*))?")
_ROUNDED = re.compile(rf"(?P<word>{'|'.join(ROUNDINGS)})(?: (?P<number>[\d.,]+) ?%?)?")


@dataclass(frozen=True)
class Token:
    """A bound number. `unit_code` is empty for the report's own unit; `form` as in `printing.print_number`."""

    code: str
    unit_code: str = ""
    form: str = ""

    def __str__(self) -> str:
        return "{" + self._inner + "}"

    @property
    def key(self) -> tuple[str, str]:
        """What the report holds one value for."""
        return self.code, self.unit_code

    @property
    def _inner(self) -> str:
        unit = f"@{self.unit_code}" if self.unit_code else ""
        form = f":{self.form}" if self.form else ""
        return f"{self.code}{unit}{form}"

    def shown(self, printed: str) -> str:
        """Return the token with its printed value before the bar, for the eye."""
        return "{" + printed + "|" + self._inner + "}" if printed else str(self)


@dataclass(frozen=True)
class Broken:
    """Braces that are no token, with the reason in clear words."""

    text: str
    message: str


@dataclass(frozen=True)
class Shown:
    """A token as somebody sent it, with what stood before its bar."""

    token: Token
    printed: str


Piece = str | Token | Broken


def parse(body: str) -> list[Piece]:
    """Cut a text into plain pieces, tokens and broken tokens; joined again they are its canonical form."""
    return [piece.token if isinstance(piece, Shown) else piece for piece in _pieces(body)]


def canonical(body: str) -> str:
    """Return the text as it is stored: tokens without values, in one way of writing; what is broken stays."""
    return "".join(piece.text if isinstance(piece, Broken) else str(piece) for piece in parse(body))


def shown(body: str, printed: Callable[[Token], str]) -> str:
    """Return the text for the editor, each token with its value before the bar."""
    return "".join(
        piece.shown(printed(piece))
        if isinstance(piece, Token)
        else (piece.text if isinstance(piece, Broken) else piece)
        for piece in parse(body)
    )


def tokens_in(body: str) -> list[Token]:
    """Return the tokens of the text in order, each once."""
    return list(dict.fromkeys(piece for piece in parse(body) if isinstance(piece, Token)))


def broken_in(body: str) -> list[Broken]:
    return [piece for piece in parse(body) if isinstance(piece, Broken)]


def ignored_values(body: str, printed: Callable[[Token], str]) -> list[Shown]:
    """Return the tokens of a sent text before whose bar stands something else than their value."""
    sent = [piece for piece in _pieces(body) if isinstance(piece, Shown) and piece.printed]
    return [piece for piece in sent if piece.printed != clean(printed(piece.token))]


def _pieces(body: str) -> list[str | Shown | Broken]:
    text = unicodedata.normalize("NFC", body)
    pieces: list[str | Shown | Broken] = []
    done = 0
    for found in _BRACES.finditer(text):
        if found.start() > done:
            pieces.append(text[done : found.start()])
        pieces.append(_read(found.group(), found.group(1)))
        done = found.end()
    if done < len(text):
        pieces.append(text[done:])
    return pieces


def _read(whole: str, inner: str | None) -> Shown | Broken:
    if inner is None:
        return Broken(whole, _("A brace stands alone. A number is written {code of the figure}."))
    before, bar, rest = inner.partition("|")
    found = _TOKEN.fullmatch(rest if bar else inner)
    if found is None:
        return Broken(whole, _("“%(text)s” cannot be read as a number of the system.") % {"text": whole[:80]})
    form = _form(clean(found["form"] or ""))
    if form is None:
        return Broken(
            whole,
            _(
                "“%(form)s” is no way to print a number. Use 02, gần, hơn or trên with or without a round number "
                "(groups of three digits: 430.000), tử or mẫu."
            )
            % {"form": clean(found["form"])[:40]},
        )
    return Shown(Token(found["code"], (found["unit"] or "").upper(), form), clean(before) if bar else "")


def _form(text: str) -> str | None:
    """Return a form in its one way of writing, or None when there is no such form."""
    if text in ("", TWO_DIGITS, NUMERATOR, DENOMINATOR):
        return text
    found = _ROUNDED.fullmatch(text)
    if found is None:
        return None
    if not found["number"]:
        return found["word"]
    try:
        return f"{found['word']} {vietnamese_number(parse_number(found['number']))}"
    except ValueError:
        return None
