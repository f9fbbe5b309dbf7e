"""What a register says about its Excel: its columns, how a row is judged, how good rows are applied."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from langsen.foundation.core.sheets.progress import SILENT, Progress

Words = str | Promise


class ColumnKind(StrEnum):
    TEXT = "text"
    LINES = "lines"  # text that keeps its line breaks
    DAY = "day"
    DAY_OR_YEAR = "day_or_year"
    NUMBER = "number"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True)
class Column:
    """A column of a list. `aliases` are other headings it is known by; letter case and accents do not matter."""

    key: str
    label: Words
    kind: ColumnKind = ColumnKind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    limit: int = 500
    width: int = 18
    example: str = ""
    explanation: Words = ""
    in_template: bool = True


class State(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"


@dataclass(frozen=True)
class SheetRow:
    """A row of the file, read by the mapping. `values` holds text, date, YearOnly, Decimal or int; no blanks.

    `faults` are cells that could not be read, by column key. `choice` answers a doubtful row: a candidate's
    `value`, or "new".
    """

    number: int
    values: Mapping[str, Any]
    faults: Mapping[str, str] = field(default_factory=dict)
    choice: str = ""

    def text(self, key: str) -> str:
        return str(self.values.get(key, ""))


@dataclass(frozen=True)
class Candidate:
    """Somebody or something already there that a doubtful row may mean."""

    value: str
    label: str


@dataclass
class Verdict:
    """The judgement of one row. `reasons` are (column key or "", words); `plan` is the register's own, for `apply`."""

    row: SheetRow
    state: State
    label: str = ""
    reasons: list[tuple[str, str]] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    plan: Any = None


@dataclass
class Judgement:
    """All rows judged, and what the sender should know besides, such as people missing from the file."""

    verdicts: list[Verdict]
    remarks: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """A unit a file may be imported into, or what a unit has several of (a contest)."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True)
class Context:
    """Who imports, into which unit; `subject_id`: into which of its lists, where it has several.

    `progress` hears how far judging and applying are; a kind of short lists need not say.
    """

    user: Any
    org_unit_id: int
    subject_id: int | None = None
    progress: Progress = SILENT


class ImportKind(ABC):
    """An import a register offers. Subclasses are registered once, in the register's `AppConfig.ready`."""

    code: str
    title: Words
    url_prefix: str  # "people:roster": its pages are people:roster_import, people:roster_import_run and so on
    back_url: str
    columns: tuple[Column, ...]
    file_stem: str
    target_label: Words = gettext_lazy("Unit")
    examples: tuple[tuple[Any, ...], ...] = ()  # rows of a filled list, for a sheet of its own in the template

    @abstractmethod
    def targets(self, user: Any, code: str = "") -> list[Target]:
        """Return the units the user may import into, the most likely first; with `code` that one, if allowed."""

    def context(self, user: Any, chosen: int) -> Context:
        """Return the context of the target with the key `chosen`."""
        return Context(user, chosen)

    def back_href(self, subject_id: int | None) -> str:  # noqa: ARG002 - for kinds with several lists
        """Return where the pages of an import lead back to; `subject_id` is what it is for, if that is known."""
        return reverse(self.back_url)

    @abstractmethod
    def check(self, context: Context) -> None:
        """Refuse whoever may not import into the unit (NotAllowed, NotFound)."""

    @abstractmethod
    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """Judge every row without writing anything and without a query per row; one verdict a row, same order."""

    @abstractmethod
    def apply(self, judgement: Judgement, context: Context) -> None:
        """Write the rows judged NEW or CHANGED, with audit, inside the caller's transaction."""


_KINDS: dict[str, ImportKind] = {}


def register_kind(kind: ImportKind) -> None:
    _KINDS[kind.code] = kind


def kind_of(code: str) -> ImportKind:
    """Return the registered kind; a KeyError is a mistake of ours."""
    return _KINDS[code]


def kinds() -> Mapping[str, ImportKind]:
    return _KINDS
