"""From a paper to a .docx: the letterhead file holds every size, its tokens are filled in here.

An office may replace a letterhead by its own, so a file is never trusted: its tokens run in a sandbox without calls,
and each one that is not known stops the rendering (`letterhead_check`).
"""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate, RichText
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.paper import AppendixTable, Block, Paper, Run
from langsen.foundation.papers.queries import Head, content_of, shipped_letterhead

_BLANK_NUMBER = "\u00a0" * 6
_NARROWEST, _WIDEST = 6, 40  # letters a column of the appendix makes room for
_NO_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[-−]?\d[\d.]*(,\d+)?%?|–")


def sandbox() -> ImmutableSandboxedEnvironment:
    """Return the environment tokens are filled in: nothing undefined passes, text is escaped."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def render_docx(paper: Paper, *, head: Head | None) -> bytes:
    """Return `paper` as a Word file on the letterhead of `head`, else on the shipped one that fits its day."""
    letterhead = head.letterhead if head else shipped_letterhead(paper.on, paper.layout)
    return fill(content_of(letterhead), paper)


def fill(letterhead: bytes, paper: Paper) -> bytes:
    """Return `paper` written on the letterhead file.

    Raises:
        jinja2.TemplateError: the file names a token that does not exist.
    """
    template = DocxTemplate(io.BytesIO(letterhead))
    template.render(tokens_of(paper), sandbox(), autoescape=True)
    document = template.docx
    if not paper.appendix:
        _drop_last_section(document)
    _spread_columns(document, len(paper.appendix))
    properties = document.core_properties
    properties.title = _plain(f"{paper.title} {paper.subject}")[:200]
    written = io.BytesIO()
    template.save(written)
    return written.getvalue()


def tokens_of(paper: Paper) -> dict[str, Any]:
    """Return the tokens a letterhead may name, with their values for `paper`."""
    body = [_block(block, is_last=index == len(paper.body)) for index, block in enumerate(paper.body, start=1)]
    return {
        "superior_line": _plain(paper.superior_line),
        "own_line": _plain(paper.own_line),
        "number": _plain(padded(paper.number)) or _BLANK_NUMBER,
        "code": _plain(paper.code),
        "place": _plain(paper.place),
        "date": f"ngày {paper.on.day:02} tháng {_month(paper.on.month)} năm {paper.on.year}",
        "title": _plain(paper.title),
        "title_in_text": _plain(paper.title).capitalize(),
        "subject": _plain(paper.subject).replace("Hồ Chí Minh", "Hồ\u00a0Chí\u00a0Minh"),
        "body": body,
        "signed_for": _plain(paper.signed_for),
        "signer_title": _plain(paper.signer_title),
        "signer_name": _plain(paper.signer_name),
        "recipients": _recipients(paper.recipients, ";" if paper.layout == Layout.STATE else ","),
        "appendix": [_table(table) for table in paper.appendix],
    }


def padded(number: str) -> str:
    """Return a document number below 10 with its nought before it, anything else as it stands."""
    return f"0{number}" if len(number) == 1 and number.isdigit() else number


def _month(number: int) -> str:
    """January and February carry a nought so that nobody adds a 1 before them; the other months do not."""
    return f"0{number}" if number <= 2 else str(number)


def _plain(text: str) -> str:
    return _NO_LETTER.sub("", text)


def _block(block: Block, *, is_last: bool) -> dict[str, Any]:
    """The last paragraph has a style of its own that keeps it on one page with the signature."""
    runs = (Run("- "), *block.runs) if block.kind == "item" else block.runs
    kind = "closing" if is_last and block.kind in ("paragraph", "item") else block.kind
    text = RichText()
    for run in runs:
        text.add(_plain(run.text), bold=run.bold, italic=run.italic)
    return {"kind": kind, "text": text}


def _recipients(lines: Sequence[str], separator: str) -> list[str]:
    """Every line ends with the separator, the last with a full stop."""
    tidy = [_plain(line).strip(" -–;,.\t") for line in lines]
    tidy = [line for line in tidy if line]
    return [f"{line}{separator}" for line in tidy[:-1]] + [f"{line}." for line in tidy[-1:]]


def _table(table: AppendixTable) -> Mapping[str, Any]:
    rows = [[{"text": _plain(cell), "is_number": _is_number(cell)} for cell in row] for row in table.rows]
    return {"title": _plain(table.title), "columns": [_plain(column) for column in table.columns], "rows": rows}


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell.strip()))


def _drop_last_section(document: Document) -> None:
    """Without an appendix the landscape section at the end would be an empty page."""
    body = document.element.body
    breaks = body.xpath("./w:p[w:pPr/w:sectPr]")
    if not breaks:
        return
    carrier = breaks[-1]
    while carrier.getnext() is not None:
        body.remove(carrier.getnext())
    properties = carrier.pPr
    section = properties.find(qn("w:sectPr"))
    properties.remove(section)
    body.append(section)


def _spread_columns(document: Document, tables: int) -> None:
    """Share the width a table of the appendix has in the letterhead among its columns by what stands in them."""
    for table in document.tables[len(document.tables) - tables :] if tables else ():
        grid = table._tbl.tblGrid.findall(qn("w:gridCol"))
        total = sum(int(column.get(qn("w:w"))) for column in grid)
        head, *rows = [[_text(cell) for cell in row.tc_lst] for row in table._tbl.tr_lst]
        weights = [
            max(_head_weight(heading), *(min(len(row[place]), _WIDEST) for row in rows), 0)
            for place, heading in enumerate(head)
        ]
        for place, weight in enumerate(weights):
            width = str(total * weight // sum(weights))
            grid[place].set(qn("w:w"), width)
            for row in table._tbl.tr_lst:
                measure = row.tc_lst[place].get_or_add_tcPr().find(qn("w:tcW"))
                if measure is not None:
                    measure.set(qn("w:w"), width)
                    measure.set(qn("w:type"), "dxa")


def _text(cell: Any) -> str:
    return "".join(text.text or "" for text in cell.iter(qn("w:t")))


def _head_weight(heading: str) -> int:
    """A heading may stand in several lines, yet no word of it is broken."""
    return max(*(len(word) + 4 for word in heading.split() or [""]), min(len(heading) // 3, 12), _NARROWEST)
