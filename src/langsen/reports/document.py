"""From a report to an official document: its sections with the numbers it holds, numbered headings, head and ending."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from langsen.foundation.core.periods import today
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.paper import Block, Paper, Run
from langsen.foundation.papers.queries import Head, head_of
from langsen.foundation.papers.rendering import render_docx
from langsen.reports.appendix import Entry, appendix_tables, appendix_xlsx, entries_of, entries_of_snapshot, held
from langsen.reports.enums import FIXED, ReportStatus
from langsen.reports.models import Report, ReportSnapshot
from langsen.reports.queries.numbers import Key, appendix_of, held_numbers, printed_token
from langsen.reports.text.lines import Span, lines_of
from langsen.reports.text.openings import is_opening
from langsen.reports.text.printing import Number
from langsen.reports.text.tokens import Token

TITLE = "BÁO CÁO"
KIND = "BC"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_TYPED_ROMAN = re.compile(r"^[IVXLC]+\s*[.\-–/)]\s*")
_TYPED_ARABIC = re.compile(r"^\d+\s*[.\-–/)]\s*")
_TYPED_NUMBER = re.compile(r"\s*(?P<number>\d+)\s*[-/]\s*(?P<code>.*\S)\s*")


@dataclass(frozen=True)
class Content:
    """What a report says: headings with their texts, the numbers it holds, the lines of its appendix.

    `head` are the two lines over its number, once they are fixed with the rest.
    """

    sections: Sequence[tuple[str, str]]
    numbers: Mapping[Key, Number]
    appendix: Sequence[Entry]
    head: tuple[str, str] | None = None


def compose(report: Report) -> Paper:
    """Return the report as a paper: from what it holds while it is written, from its snapshot once it is fixed."""
    return paper_of(report, content_of(report))


def docx_of(report: Report) -> bytes:
    """Return the report as a Word file on the letterhead of its unit and day."""
    return docx_that_says(report, content_of(report))


def docx_that_says(report: Report, content: Content) -> bytes:
    """Return the Word file of a report, stored or not, that says `content`."""
    return render_docx(paper_of(report, content), head=_head(report))


def workbook_of(report: Report) -> bytes:
    """Return the appendix of numbers as a workbook."""
    return appendix_xlsx(report, content_of(report).appendix)


def content_of(report: Report) -> Content:
    """Return what the report says: its own sections and numbers, or what was fixed when it went to be signed."""
    snapshot = ReportSnapshot.objects.filter(report=report).first()
    if snapshot:
        fixed = snapshot.content
        return Content(
            [(section["heading"], section["body"]) for section in fixed["sections"]],
            {(number["code"], number["unit_code"]): held(number) for number in fixed["numbers"]},
            entries_of_snapshot(fixed),
            (fixed["head"]["superior"], fixed["head"]["own"]),
        )
    sections = [(section.heading, section.body) for section in report.kept_sections]
    return Content(sections, held_numbers(report), entries_of(appendix_of(report)))


def paper_of(report: Report, content: Content) -> Paper:
    """Return the paper of a report, stored or not, that says `content`."""
    head = _head(report)
    superior_line, own_line = content.head or (head.superior_line, head.own_line)
    number, code = _number_and_code(report, head)
    recipients = tuple(line for line in report.recipients.splitlines() if line.strip())
    body = _body(report, content)
    return Paper(
        layout=report.layout,
        on=report.signed_on or today(),
        superior_line=superior_line,
        own_line=own_line,
        number=number,
        code=code,
        place=report.place or head.place,
        title=TITLE,
        subject=report.subject,
        body=_ended(body, "./." if report.layout == Layout.STATE else "."),
        signed_for=report.signed_for or head.signed_for,
        signer_title=report.signer_title or head.signer_title,
        signer_name=report.signed_by,
        recipients=recipients or head.recipients,
        appendix=appendix_tables(content.appendix),
    )


def _head(report: Report) -> Head:
    return head_of(report.org_unit, report.signed_on or today(), report.layout)


def _number_and_code(report: Report, head: Head) -> tuple[str, str]:
    """The typed number “12-BC/TU” in its two parts; without one the number stays blank."""
    found = _TYPED_NUMBER.fullmatch(report.signed_number)
    if found:
        return found["number"], found["code"]
    return report.signed_number, head.code(KIND)


def sections_printed(report: Report, sections: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the sections that are printed, their headings with Roman numerals: for the file, and for the page."""
    mark = "- " if report.layout == Layout.PARTY else ". "
    return [
        (f"{roman(place)}{mark}{_TYPED_ROMAN.sub('', heading).upper()}", text)
        for place, (heading, text) in enumerate(
            _sections_printed(sections, report.status in (ReportStatus.SIGNING, *FIXED)), start=1
        )
    ]


def _body(report: Report, content: Content) -> list[Block]:
    blocks: list[Block] = []
    for heading, text in sections_printed(report, content.sections):
        blocks.append(Block("heading", (Run(heading),)))
        blocks += _paragraphs(text, content.numbers)
    return blocks


def _sections_printed(sections: Sequence[tuple[str, str]], is_fixed: bool) -> list[tuple[str, str]]:
    """A section left empty is not printed; from signing on, neither is what was still to be written."""
    if is_fixed:
        sections = [(heading, _without_openings(text)) for heading, text in sections]
    return [(heading, text) for heading, text in sections if text.strip()]


def _without_openings(text: str) -> str:
    """Leave out lines still to be written, and headings that then stand over nothing."""
    kept: list[str] = []
    for line in reversed([line for line in text.splitlines() if line.strip() and not is_opening(line)]):
        is_heading = line.startswith("## ")
        if is_heading and (not kept or kept[-1].startswith("## ")):
            continue
        kept.append(line)
    return "\n".join(reversed(kept))


def _paragraphs(text: str, numbers: Mapping[Key, Number]) -> list[Block]:
    blocks = []
    place = 0
    for line in lines_of(text):
        runs = tuple(_run(span, numbers) for span in line.spans)
        kind: Literal["subheading", "paragraph", "item"] = "subheading" if line.kind == "heading" else line.kind
        if kind == "subheading":
            place += 1
            runs = (Run(f"{place}. {_TYPED_ARABIC.sub('', ''.join(run.text for run in runs))}"),)
        elif is_opening("".join(run.text for run in runs)):
            runs = tuple(Run(run.text, run.bold, italic=True) for run in runs)
        blocks.append(Block(kind, runs))
    return blocks


def _run(span: Span, numbers: Mapping[Key, Number]) -> Run:
    text = printed_token(span.content, numbers).text if isinstance(span.content, Token) else span.content
    return Run(text, span.bold, span.italic)


def _ended(blocks: list[Block], ending: str) -> list[Block]:
    """The last sentence closes the document: “.” by the rules of the Party, “./.” by those of the State."""
    if not blocks or blocks[-1].kind not in ("paragraph", "item") or is_opening(blocks[-1].text):
        return blocks
    *runs, last = blocks[-1].runs
    closed = Run(last.text.rstrip(" ./;,") + ending, last.bold, last.italic)
    return [*blocks[:-1], Block(blocks[-1].kind, (*runs, closed))]


def roman(number: int) -> str:
    """Return a small number in Roman numerals."""
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text, number = text + letters, number - value
    return text
