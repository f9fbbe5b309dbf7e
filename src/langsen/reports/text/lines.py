"""A text as paragraphs: one line is one paragraph, `## ` a heading, `- ` an item, `**…**` bold and `*…*` italic."""

import re
from dataclasses import dataclass
from typing import Literal

from langsen.reports.text.tokens import Broken, Token, parse

LineKind = Literal["heading", "paragraph", "item"]
_STARTS: tuple[tuple[str, LineKind], ...] = (("## ", "heading"), ("- ", "item"))
_HELD = 0xE000  # private use: stands for a token while marks are looked for
_MARKED = re.compile(r"\*\*(?=\S)(?P<bold>.+?)(?<=\S)\*\*(?!\*)|\*(?=[^\s*])(?P<italic>.+?)(?<=[^\s*])\*(?!\*)")


@dataclass(frozen=True)
class Span:
    """A piece of a line: plain words, or a bound number."""

    content: str | Token
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Line:
    kind: LineKind
    spans: tuple[Span, ...]


def lines_of(body: str) -> list[Line]:
    """Return the paragraphs of a text; empty lines only part them."""
    return [_line(text) for text in body.splitlines() if text.strip()]


def _line(text: str) -> Line:
    text = text.strip()
    for start, kind in _STARTS:
        if text.startswith(start):
            return Line(kind, tuple(_spans(text[len(start) :].strip())))
    return Line("paragraph", tuple(_spans(text)))


def _spans(text: str) -> list[Span]:
    tokens: list[Token] = []
    plain = ""
    for piece in parse(text):
        if isinstance(piece, Token):
            plain += chr(_HELD + len(tokens))
            tokens.append(piece)
        else:
            plain += piece.text if isinstance(piece, Broken) else piece
    return _marked(plain, tokens, bold=False, italic=False)


def _marked(text: str, tokens: list[Token], *, bold: bool, italic: bool) -> list[Span]:
    spans: list[Span] = []
    done = 0
    for found in _MARKED.finditer(text):
        spans += _unmarked(text[done : found.start()], tokens, bold, italic)
        inner = found["bold"] or found["italic"]
        spans += _marked(inner, tokens, bold=bold or bool(found["bold"]), italic=italic or bool(found["italic"]))
        done = found.end()
    return spans + _unmarked(text[done:], tokens, bold, italic)


def _unmarked(text: str, tokens: list[Token], bold: bool, italic: bool) -> list[Span]:
    spans = []
    for part in re.split("([\ue000-\uf8ff])", text):
        held = ord(part) - _HELD if len(part) == 1 else -1
        if 0 <= held < len(tokens):
            spans.append(Span(tokens[held], bold, italic))
        elif part:
            spans.append(Span(part, bold, italic))
    return spans
