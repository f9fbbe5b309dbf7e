"""Item analysis of a round: what each question did, from everybody's first attempt.

Formulas as in Moodle's documentation, "Quiz statistics calculations" (docs.moodle.org/dev), with marks of 0 and 1; S
attempts, x the mark of a question, T the marks of the paper, X = T - x the rest of it, C and V with the divisor S - 1:
facility = mean of x; standard deviation = sqrt(V(x)); discrimination index = C(x, X) / sqrt(V(x) V(X)); discriminative
efficiency = C(x, X) / Cmax, where Cmax is C of both sorted by size; effective weight = sqrt(C(x, T)) divided by its sum
over all questions; coefficient of internal consistency = P / (P - 1) * (1 - sum of V(x) / V(T)), P questions.
What has no meaning (one attempt, all marks equal, a negative covariance under a root) is None, never a number.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Item:
    """A question's figures, ratios from 0 to 1 (discrimination from -1)."""

    attempts: int
    facility: float | None
    deviation: float | None
    discrimination: float | None
    efficiency: float | None
    weight: float | None


@dataclass(frozen=True, slots=True)
class Paper:
    """All questions of a round, and the consistency of the paper; None when papers differ in their questions."""

    items: dict[int, Item]
    consistency: float | None


def analysed(attempts: Iterable[tuple[Sequence[int], Sequence[bool]]]) -> Paper:
    """Return the figures of a round from (questions by place, right or not by place) of each first attempt."""
    marks: dict[int, Counter[tuple[int, int]]] = {}
    totals: Counter[int] = Counter()
    papers: set[frozenset[int]] = set()
    for questions, rights in attempts:
        total = sum(rights)
        totals[total] += 1
        if len(papers) < 2:
            papers.add(frozenset(questions))
        for number, right in zip(questions, rights, strict=True):
            marks.setdefault(number, Counter())[int(right), total - right] += 1
    roots = {number: _root(_covariance(_with_total(pairs))) for number, pairs in marks.items()}
    whole = sum(root for root in roots.values() if root is not None)
    items = {number: _item(pairs, roots[number], whole) for number, pairs in sorted(marks.items())}
    return Paper(items, _consistency(marks, totals) if len(papers) == 1 else None)


def _item(pairs: Counter[tuple[int, int]], root: float | None, whole: float) -> Item:
    count = pairs.total()
    own = Counter[tuple[int, int]]()
    rest = Counter[tuple[int, int]]()
    for (mark, other), times in pairs.items():
        own[mark, mark] += times
        rest[other, other] += times
    variance, of_rest, together = _covariance(own), _covariance(rest), _covariance(pairs)
    best = _covariance(_sorted_pairs(pairs))
    return Item(
        attempts=count,
        facility=_rounded(sum(mark * times for (mark, _other), times in pairs.items()) / count),
        deviation=_rounded(_root(variance)),
        discrimination=_ratio(together, sqrt(variance * of_rest) if variance and of_rest else None),
        efficiency=_ratio(together, best),
        weight=_ratio(root, whole),
    )


def _covariance(pairs: Counter[tuple[int, int]]) -> float | None:
    count = pairs.total()
    if count < 2:
        return None
    first = sum(one * times for (one, _other), times in pairs.items())
    second = sum(other * times for (_one, other), times in pairs.items())
    both = sum(one * other * times for (one, other), times in pairs.items())
    return (both * count - first * second) / (count * (count - 1))


def _with_total(pairs: Counter[tuple[int, int]]) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for (mark, other), times in pairs.items():
        found[mark, mark + other] += times
    return found


def _sorted_pairs(pairs: Counter[tuple[int, int]]) -> Counter[tuple[int, int]]:
    """The same marks and rests, the smallest with the smallest."""
    wrong = sum(times for (mark, _other), times in pairs.items() if not mark)
    rests: Counter[int] = Counter()
    for (_mark, other), times in pairs.items():
        rests[other] += times
    found: Counter[tuple[int, int]] = Counter()
    for other, times in sorted(rests.items()):
        first = min(times, wrong)
        wrong -= first
        found[0, other] += first
        found[1, other] += times - first
    return found


def _consistency(marks: dict[int, Counter[tuple[int, int]]], totals: Counter[int]) -> float | None:
    of_total = _covariance(Counter({(total, total): times for total, times in totals.items()}))
    if not of_total or len(marks) < 2:
        return None
    parts = 0.0
    for pairs in marks.values():
        right = sum(times for (mark, _other), times in pairs.items() if mark)
        parts += _covariance(Counter({(1, 1): right, (0, 0): pairs.total() - right})) or 0.0
    return _rounded(len(marks) / (len(marks) - 1) * (1 - parts / of_total))


def _root(value: float | None) -> float | None:
    return None if value is None or value < 0 else sqrt(value)


def _ratio(top: float | None, base: float | None) -> float | None:
    return None if top is None or not base else _rounded(top / base)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
