"""GIFT, the text format of Moodle (docs.moodle.org, "GIFT format"): choice questions in and out.

Blank lines divide questions, so one bad question spoils no other. `\\` keeps ~ = # { } : and itself from meaning
anything; `\\n` is a line break. Difficulty, theme and source travel in the comment line above a question ([tag:...]).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import QuestionKind
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.formats.html import plain_text
from langsen.contests.quizzes.formats.items import Item, Unfit
from langsen.contests.quizzes.formats.tags import category_of, path_of, tags_of, with_tags
from langsen.contests.quizzes.formats.weights import options_of, weights_of

_SPECIAL = "~=#{}:\\"
# Escaped characters stand in for themselves from a private range while the structure is read.
_HIDDEN = {ch: chr(0xF8E0 + place) for place, ch in enumerate(_SPECIAL)} | {"n": chr(0xF8EF)}
_SHOWN = {ord(hidden): ("\n" if ch == "n" else ch) for ch, hidden in _HIDDEN.items()}
_PRIVATE = dict.fromkeys(_SHOWN)
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"^\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"^%(-?\d{1,3}(?:[.,]\d{1,7})?)%")
_TAG = re.compile(r"\[tag:([^\]]+)\]")
_BLANK = "_____"


@dataclass
class _Block:
    line: int
    text: str
    tags: list[str]


def read_gift(text: str) -> Iterator[Item]:
    """Yield the questions of a GIFT file in order, each with the line it begins on."""
    category = ""
    for block in _blocks(text):
        if block.text.lstrip().upper().startswith("$CATEGORY:"):
            head, _newline, rest = block.text.lstrip().partition("\n")
            category = category_of(head.partition(":")[2].strip())
            if not rest.strip():
                continue
            yield _item(_Block(block.line + 1, rest, block.tags), category)
        else:
            yield _item(block, category)


def _blocks(text: str) -> Iterator[_Block]:
    """Divide at blank lines; comments are taken out, their tags kept for the question that follows."""
    lines: list[str] = []
    tags: list[str] = []
    first = 0
    for number, line in enumerate([*text.translate(_PRIVATE).split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            tags += [unquote(tag) for tag in _TAG.findall(line)]
        elif line.strip():
            first = first or number
            lines.append(line)
        elif lines:
            yield _Block(first, "\n".join(lines), tags)
            lines, tags, first = [], [], 0


def _item(block: _Block, category: str) -> Item:
    hidden = _ESCAPE.sub(lambda found: _HIDDEN[found.group(1)], block.text)
    title = _TITLE.match(hidden)
    body = hidden[title.end() :] if title else hidden
    name = _plain(title.group(1) if title else body.partition("{")[0])[:80]
    try:
        return Item(block.line, name, facts=with_tags(_facts(body, category), block.tags))
    except Unfit as reason:
        return Item(block.line, name, fault=str(reason))


def _facts(body: str, category: str) -> QuestionFacts:
    if "::" in body.partition("}")[2]:
        raise Unfit(_("A blank line must stand between two questions."))
    if body.count("{") != 1 or body.count("}") != 1 or body.index("}") < body.index("{"):
        if "{" not in body and "}" not in body:
            raise Unfit(_("Not supported: %(type)s.") % {"type": _("a text without answers (description)")})
        raise Unfit(_("The brackets { } do not match: each question has one pair. Write \\{ and \\} for the signs."))
    before, _open, rest = body.partition("{")
    inside, _close, after = rest.partition("}")
    format_ = _FORMAT.match(before)
    before = before[format_.end() :] if format_ else before
    asked = f"{before.strip()} {_BLANK} {after.strip()}" if after.strip() else before
    read = plain_text if format_ and format_.group(1) == "html" else (lambda words: words)
    answers, _hashes, explanation = inside.partition("####")
    _check_type(answers)
    kind, options, remarks = _answers(answers, read)
    remarks = [read(_plain(explanation)), *remarks]
    return QuestionFacts(
        text=read(_plain(asked)),
        options=options,
        kind=kind,
        category=category,
        explanation="\n".join(remark for remark in remarks if remark),
    )


def _check_type(answers: str) -> None:
    """Refuse, by their names, the kinds of GIFT questions that offer nothing to choose from."""
    inner = answers.strip()
    name = ""
    if not inner:
        name = _("essay")
    elif inner.startswith("#"):
        name = _("numerical answer")
    elif re.fullmatch(r"(T|F|TRUE|FALSE)\s*(#.*)?", inner, re.IGNORECASE | re.DOTALL):
        name = _("true or false")
    elif "~" not in inner and "->" in inner:
        name = _("matching")
    elif "~" not in inner and inner.startswith("="):
        name = _("short answer")
    elif inner[0] not in "~=":
        raise Unfit(_("An answer must begin with = (right) or ~ (wrong)."))
    if name:
        raise Unfit(_("Not supported: %(type)s.") % {"type": name})


def _answers(answers: str, read: Callable[[str], str]) -> tuple[str, tuple[Option, ...], list[str]]:
    weighted, remarks = [], []
    has_right_sign = False
    for sign, raw in re.findall(r"([~=])([^~=]*)", answers):
        has_right_sign = has_right_sign or sign == "="
        words, _hash, feedback = raw.partition("#")
        found = _WEIGHT.match(words.strip())
        weight = float(found.group(1).replace(",", ".")) if found else (100.0 if sign == "=" else 0.0)
        words = words.strip()[found.end() :] if found else words
        format_ = _FORMAT.match(words)
        shown = read(_plain(words[format_.end() :] if format_ else words))
        weighted.append((shown, weight))
        if feedback.strip():
            remarks.append(f"{shown}: {read(_plain(feedback))}")
    kind, options = options_of(weighted, single=has_right_sign)
    return kind, options, remarks


def _plain(hidden: str) -> str:
    """What somebody reads: line breaks of the file are blanks, those written \\n are line breaks."""
    return " ".join(hidden.split()).translate(_SHOWN).strip()


def write_gift(questions: Iterable[tuple[str, QuestionFacts]]) -> str:
    """Return a GIFT file of (name, question), by category in the order given; `read_gift` reads the same back."""
    parts = []
    category = None
    for name, facts in questions:
        if facts.category != category:
            category = facts.category
            parts.append(f"$CATEGORY: {path_of(category)}\n")
        tags = " ".join(f"[tag:{_quoted(tag)}]" for tag in tags_of(facts))
        parts.append(f"// {tags}\n::{_escaped(name)}::[plain]{_escaped(facts.text)}{{\n{_written(facts)}}}\n")
    return "\n".join(parts)


def _written(facts: QuestionFacts) -> str:
    lines = []
    for option, weight in zip(facts.options, weights_of(facts.kind, facts.options), strict=True):
        text = ("[plain]" if option.text.startswith("[") else "") + _escaped(option.text)
        if facts.kind == QuestionKind.MULTIPLE:
            lines.append(f"\t~%{weight}%{text}\n")
        else:
            sign = "=" if option.right else "~"
            # A text that itself begins with % would be read as a weight, so the weight is written out.
            lines.append(f"\t{sign}%{weight}%{text}\n" if text.startswith("%") else f"\t{sign}{text}\n")
    if facts.explanation:
        lines.append(f"\t####{_escaped(facts.explanation)}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    return "".join("\\" + ch if ch in _SPECIAL else "\\n" if ch == "\n" else ch for ch in text)


def _quoted(tag: str) -> str:
    """A tag without the signs that end one."""
    return tag.replace("%", "%25").replace("[", "%5B").replace("]", "%5D")
