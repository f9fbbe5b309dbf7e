"""Unusual signs in the papers of a round: described for a person to look at, never a judgement.

Too fast: nearly everything right in less time than reading takes. Same wrong: several share rare wrong answers.
Shared device: many accounts on one device, told with whether they name one unit, as a school's computer room would.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FASTEST_MS = 1_500
"""For one question; reading four answers takes longer."""
NEARLY_ALL = 0.8
RARE, FEWEST_SEEN, FEWEST_SAME = 0.03, 40, 4
MANY_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class Paper:
    """A handed-in paper as signs look at it; `wrong` are (question, mask) answered wrong, not left out."""

    entrant: int
    number: int
    duration_ms: int
    correct: int
    questions: Sequence[int]
    wrong: tuple[tuple[int, int], ...]
    device: int | None
    is_phone: bool
    unit: int | None


@dataclass(frozen=True, slots=True)
class Sign:
    """Of one entrant: what kind (`FlagKind`), the numbers that describe it, and a key that is the same each time."""

    entrant: int
    kind: str
    key: str
    facts: dict[str, int]


def signs_in(papers: Iterable[Paper]) -> list[Sign]:
    """Return the signs in a round's papers."""
    held = list(papers)
    return [*_too_fast(held), *_same_wrong(held), *_shared_device(held)]


def _too_fast(papers: Sequence[Paper]) -> list[Sign]:
    found: dict[int, Sign] = {}
    for one in papers:
        count = len(one.questions)
        if one.duration_ms < FASTEST_MS * count and one.correct >= NEARLY_ALL * count:
            facts = {"seconds": one.duration_ms // 1000, "questions": count, "correct": one.correct}
            found.setdefault(one.entrant, Sign(one.entrant, "too_fast", "fast", facts))
    return list(found.values())


def _same_wrong(papers: Sequence[Paper]) -> list[Sign]:
    asked: Counter[int] = Counter()
    chosen: Counter[tuple[int, int]] = Counter()
    first = [one for one in papers if one.number == 1]
    for one in first:
        asked.update(one.questions)
        chosen.update(one.wrong)
    alike: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
    for one in first:
        rare = sorted(
            pair for pair in one.wrong
            if asked[pair[0]] >= FEWEST_SEEN and chosen[pair] <= max(RARE * asked[pair[0]], 3)
        )  # fmt: skip
        if len(rare) >= FEWEST_SAME:
            alike[tuple(rare)].append(one.entrant)
    return [
        Sign(entrant, "same_wrong", f"same {min(group)}", {"others": len(group) - 1, "answers": len(wrong)})
        for wrong, group in alike.items()
        if len(group) > 1
        for entrant in group
    ]


def _shared_device(papers: Sequence[Paper]) -> list[Sign]:
    users: dict[int, dict[int, Paper]] = defaultdict(dict)
    for one in papers:
        if one.device is not None:
            users[one.device].setdefault(one.entrant, one)
    found = []
    for device, group in users.items():
        if len(group) < MANY_ACCOUNTS:
            continue
        [(unit, same)] = Counter(one.unit for one in group.values()).most_common(1)
        facts = {
            "accounts": len(group),
            "same_unit": same if unit is not None else 0,
            "phone": int(any(one.is_phone for one in group.values())),
        }
        found += [Sign(entrant, "shared_device", f"device {device}", facts) for entrant in group]
    return found
