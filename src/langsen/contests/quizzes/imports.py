"""Questions from files: Excel by the kit, other programs' formats by the same preview with the lines they stand on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.contests.quizzes.columns import COLUMNS, OPTIONS, cells_of, facts_of
from langsen.contests.quizzes.facts import QuestionFacts
from langsen.contests.quizzes.formats.items import Item
from langsen.contests.quizzes.formats.reading import read_items
from langsen.contests.quizzes.models import Category, Question
from langsen.contests.quizzes.queries.bank import likeness_of
from langsen.contests.quizzes.rules import checked_facts, sameness
from langsen.contests.quizzes.services import add_questions
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.unit_imports import UnitImport
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.models import ImportRow, ImportRun
from langsen.foundation.core.sheets import runs
from langsen.foundation.core.sheets.kinds import Column, Context, Judgement, SheetRow, State, Verdict
from langsen.foundation.core.text import clean, fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.imports import refused

Same = tuple[str, tuple[str, ...]]
# What a file says that is no question of ours stands in a column of its own, so that its reason goes through the kit.
FAULT = Column("fault", gettext_lazy("Reason"), limit=500, in_template=False)
LONGEST = 20_000
_BATCH = 2_000


class QuestionsImport(UnitImport):
    """Rows are new questions; one with the same text and answers is there already; a very like one is pointed out."""

    code = "questions"
    permission = Permission.QUESTIONS_WRITE
    title = gettext_lazy("Import questions from Excel")
    url_prefix = "quizzes:questions"
    back_url = "quizzes:questions"
    file_stem = "cau-hoi"
    columns = COLUMNS

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """Judge the rows against the bank of the chosen unit."""
        bank = _Known(context.org_unit_id)
        verdicts = [bank.verdict(row) for row in rows]
        new = [verdict.plan for verdict in verdicts if verdict.state == State.NEW]
        return Judgement(verdicts, _remarks(context.org_unit_id, new))

    def apply(self, judgement: Judgement, context: Context) -> None:
        """Write the new questions in one go. Applied again after a fault, they are there already."""
        new = [verdict.plan for verdict in judgement.verdicts if verdict.state == State.NEW]
        if new:
            add_questions(OrgUnit.objects.get(pk=context.org_unit_id), new, by=context.user)


class QuestionFilesImport(QuestionsImport):
    """The same for GIFT, Moodle XML, Aiken and QTI; `receive_file` reads them."""

    code = "question_files"
    title = gettext_lazy("Import questions from another program")
    url_prefix = "quizzes:files"
    # Lengths are judged with the question, in words that name no cell.
    columns = (*(replace(column, limit=LONGEST) for column in COLUMNS), FAULT)

    def judge(self, rows: Sequence[SheetRow], context: Context) -> Judgement:
        """As for Excel; a reason names the part of the question, not a cell of a sheet nobody sent."""
        judgement = super().judge(rows, context)
        labels = {column.key: str(column.label) for column in COLUMNS}
        for verdict in judgement.verdicts:
            verdict.reasons = [
                ("", f"{labels[key]}: {words}" if key in labels else words) for key, words in verdict.reasons
            ]
        return judgement


def receive_file(content: bytes, format_: str, *, name: str, context: Context) -> ImportRun:
    """Read a file of another program and keep what it holds for the preview; nothing goes into the bank yet.

    Raises:
        BadInput: too large, not UTF-8, broken as a whole. Nothing is kept then.
        NotAllowed: the person does not write questions of the unit.
    """
    kind = QuestionFilesImport()
    kind.check(context)
    items = read_items(content, format_)
    labels = [str(column.label) for column in kind.columns]
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind.code,
            user_id=context.user.pk,
            org_unit_id=context.org_unit_id,
            file_name=clean(name.replace("\\", "/").rpartition("/")[2])[-200:] or "questions",
            stored_name="-",  # rows are forgotten like those of a workbook, whose file would lie under this name
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            mapping={column.key: place for place, column in enumerate(kind.columns)},
            head={"above": [labels], "titles": {}, "examples": {}},
        )
        ImportRow.objects.bulk_create(_rows(run, items), batch_size=_BATCH)
        runs.judge(run)
    return run


def _rows(run: ImportRun, items: Sequence[Item]) -> list[ImportRow]:
    """One row an item, numbered by its line; of several on one line the later ones take the next free numbers."""
    rows, number = [], 0
    for item in items:
        number = max(number + 1, item.line)
        cells = _cells(item)
        rows.append(ImportRow(run=run, number=number, cells=cells))
    return rows


def _cells(item: Item) -> list[Any]:
    if item.facts is None or len(item.facts.options) > len(OPTIONS):
        fault = item.fault or _("It offers more than %(most)s answers.") % {"most": len(OPTIONS)}
        blank = [""] * len(COLUMNS)
        blank[1] = item.name
        return [*blank, fault]
    return [*cells_of(item.facts), ""]


class _Known:
    """The bank as it is, and what stood further up in the file."""

    def __init__(self, owner_id: int) -> None:
        rows = Question.objects.filter(owner_id=owner_id).exclude(version=None).order_by("pk")
        kept = rows.values_list("pk", "version__text", "version__options")
        self._same: dict[Same, int] = {}
        for pk, text, options in kept:
            self._same[_sameness(text, options)] = pk
        self._bank = likeness_of(owner_id)
        self._further_up: dict[Same, int] = {}

    def verdict(self, row: SheetRow) -> Verdict:
        label = row.text("text") or row.text("fault")
        if fault := row.text("fault"):
            return Verdict(row, State.REJECTED, label, [("", fault)])
        try:
            facts = checked_facts(facts_of(row.values))
        except BadInput as error:
            return refused(row, label, _by_column(error))
        same = sameness(facts)
        if same in self._same:
            reason = _("The bank has this question: no. %(number)s.") % {"number": self._same[same]}
            return Verdict(row, State.UNCHANGED, label, [("", reason)])
        if same in self._further_up:
            reason = _("The same question stands further up in this file: line %(line)s.")
            return Verdict(row, State.REJECTED, label, [("", reason % {"line": self._further_up[same]})])
        self._further_up[same] = row.number
        return Verdict(row, State.NEW, label, self._warnings(facts), plan=facts)

    def _warnings(self, facts: QuestionFacts) -> list[tuple[str, str]]:
        like = self._bank.like(facts.text, [option.text for option in facts.options])
        if not like:
            return []
        numbers = ", ".join(str(key) for key in like)
        return [("", _("Reads nearly the same as question no. %(numbers)s of the bank.") % {"numbers": numbers})]


def _sameness(text: str, options: Sequence[Mapping[str, Any]]) -> Same:
    answers = sorted(clean(str(option["text"])).casefold() for option in options)
    return clean(text).casefold(), tuple(answers)


def _by_column(error: BadInput) -> BadInput:
    """The reasons at the columns of a sheet: answers as a whole have none."""
    known = {column.key for column in COLUMNS}
    placed = {name if name in known else "": words for name, words in error.fields.items()}
    return BadInput(error.message, fields=placed)


def _remarks(owner_id: int, new: Sequence[QuestionFacts]) -> list[tuple[str, list[str]]]:
    """Say which categories would be made."""
    wanted = {fold(facts.category): facts.category for facts in new if facts.category}
    known = set(Category.objects.filter(owner_id=owner_id, folded__in=wanted).values_list("folded", flat=True))
    made = sorted(name for folded, name in wanted.items() if folded not in known)
    return [(_("New categories that would be made"), made[:50])] if made else []
