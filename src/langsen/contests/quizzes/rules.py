"""What makes a question fit to be asked, and who may do what to it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from langsen.contests.quizzes.enums import Difficulty, QuestionKind
from langsen.contests.quizzes.facts import LETTERS, Option, QuestionFacts
from langsen.contests.quizzes.models import MOST_OPTIONS
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import clean, fold, number_text

TEXT_LENGTH, OPTION_LENGTH, EXPLANATION_LENGTH = 2000, 500, 2000
SHORT_LENGTH, SOURCE_LENGTH = 200, 500
FEWEST_OPTIONS = 2


def checked_facts(facts: QuestionFacts) -> QuestionFacts:
    """Return the question without stray white space, if it can be asked.

    Raises:
        BadInput: with a reason at each field: text, options, kind, difficulty, category, theme, explanation, source.
    """
    faults: dict[str, str] = {}
    tidy = _tidied(facts, faults)
    if not tidy.text:
        faults["text"] = _("The question has no text.")
    if tidy.kind not in QuestionKind.values:
        faults["kind"] = _("This kind of question is not known here: %(kind)s.") % {"kind": str(facts.kind)[:60]}
    if tidy.difficulty not in Difficulty.values:
        faults["difficulty"] = _("Choose easy, medium or hard.")
    if fault := _options_fault(tidy):
        faults.setdefault("options", fault)
    if faults:
        raise BadInput(" ".join(faults.values()), fields=faults)
    return tidy


def _tidied(facts: QuestionFacts, faults: dict[str, str]) -> QuestionFacts:
    def tidy(field: str, value: str, longest: int, *, lines: bool = False) -> str:
        kept = "\n".join(clean(line) for line in value.splitlines()).strip("\n") if lines else clean(value)
        if len(kept) > longest:
            lengths = {"length": number_text(len(kept)), "longest": number_text(longest)}
            faults[field] = _("This text has %(length)s letters; at most %(longest)s fit.") % lengths
        return kept

    options = tuple(Option(tidy("options", one.text, OPTION_LENGTH, lines=True), one.right) for one in facts.options)
    return replace(
        facts,
        text=tidy("text", facts.text, TEXT_LENGTH, lines=True),
        options=options,
        category=tidy("category", facts.category, SHORT_LENGTH),
        theme=tidy("theme", facts.theme, SHORT_LENGTH),
        explanation=tidy("explanation", facts.explanation, EXPLANATION_LENGTH, lines=True),
        source=tidy("source", facts.source, SOURCE_LENGTH),
    )


def _options_fault(facts: QuestionFacts) -> str:
    """Say what is wrong with the answers as a whole; empty when they will do."""
    count = len(facts.options)
    if not FEWEST_OPTIONS <= count <= MOST_OPTIONS:
        numbers = {"count": count, "fewest": FEWEST_OPTIONS, "most": MOST_OPTIONS}
        return _("There are %(count)s answers; a question offers %(fewest)s to %(most)s.") % numbers
    if empty := [letter for letter, option in zip(LETTERS, facts.options, strict=False) if not option.text]:
        return _("Answer %(letters)s is empty.") % {"letters": ", ".join(empty)}
    if twice := _twice(facts.options):
        return _("Two answers read the same: “%(text)s”.") % {"text": twice[:80]}
    right = sum(option.right for option in facts.options)
    if right == 0:
        return _("No answer is marked as right.")
    if facts.kind == QuestionKind.SINGLE and right > 1:
        return _("%(count)s answers are marked as right, but the question has one right answer.") % {"count": right}
    return ""


def _twice(options: tuple[Option, ...]) -> str:
    seen: set[str] = set()
    for option in options:
        words = clean(option.text).casefold()
        if words in seen:
            return option.text
        seen.add(words)
    return ""


def folded_of(facts: QuestionFacts) -> str:
    """Return what the search of the bank looks in: text, answers, theme, source, category, without accents."""
    parts = [facts.text, *(option.text for option in facts.options), facts.theme, facts.source, facts.category]
    return fold(" ".join(parts))


def sameness(facts: QuestionFacts) -> tuple[str, tuple[str, ...]]:
    """Return what two questions share when they are the same: text and answers, whatever the order and letter case."""
    return clean(facts.text).casefold(), tuple(sorted(clean(option.text).casefold() for option in facts.options))
