"""What an official document says, apart from how it looks: the looks lie in the letterhead file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Run:
    """A stretch of text."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """One paragraph of the body."""

    kind: Literal["heading", "subheading", "paragraph", "item"]
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class AppendixTable:
    """A table of the landscape pages at the end; numbers are written in the office's way already."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Paper:
    """A document ready to be written out.

    `layout` is party or state; `number` is empty in a draft, which leaves the place blank; `code` stands behind the
    number (BC/TU in a Party document, BC-UBND in a State one).
    """

    layout: str
    on: date
    superior_line: str
    own_line: str
    number: str
    code: str
    place: str
    title: str
    subject: str
    body: Sequence[Block]
    signed_for: str
    signer_title: str
    signer_name: str
    recipients: Sequence[str]
    appendix: Sequence[AppendixTable] = ()
