"""Questions that read nearly the same. Pure.

What it finds: the same words in another order, a word or two changed, other punctuation, accents or letter case.
What it cannot: the same question in other words. What it may show wrongly: questions that differ in one word that
matters (a year, a name, "không"). So it only ever warns.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from langsen.foundation.core.text import fold

TEXT_SHARE, WHOLE_SHARE = 0.8, 0.6
_PROBES = 4


@dataclass(frozen=True)
class _Words:
    text: frozenset[str]
    whole: frozenset[str]


class Bank:
    """The questions of a bank, ready to be asked which are like a new one. Built once for a file of many."""

    def __init__(self, questions: Iterable[tuple[int, str, Sequence[str]]]) -> None:
        """`questions`: key, text, answers."""
        self._kept = {key: _words(text, options) for key, text, options in questions}
        self._with: dict[str, list[int]] = {}
        for key, words in self._kept.items():
            for word in words.text:
                self._with.setdefault(word, []).append(key)

    def like(self, text: str, options: Sequence[str], *, most: int = 3) -> list[int]:
        """Return the keys of questions nearly the same, the likest first.

        Two texts that share four fifths of their words share one of any few rare ones, so only questions with one of
        the rarest words are compared: a file of thousands against a bank of thousands takes seconds.
        """
        words = _words(text, options)
        rarest = sorted(words.text, key=lambda word: (len(self._with.get(word, ())), word))
        known = [word for word in rarest if word in self._with]
        missing = len(rarest) - len(known)
        near = {key for word in known[: _PROBES + missing] for key in self._with[word]}
        shares = {key: _share(words.text, self._kept[key].text) for key in near}
        found = [
            key
            for key, share in shares.items()
            if share >= TEXT_SHARE and _share(words.whole, self._kept[key].whole) >= WHOLE_SHARE
        ]
        return sorted(found, key=lambda key: (-shares[key], key))[:most]


def _words(text: str, options: Sequence[str]) -> _Words:
    return _Words(_split(text), _split(" ".join([text, *options])))


def _split(text: str) -> frozenset[str]:
    return frozenset("".join(ch if ch.isalnum() else " " for ch in fold(text)).split())


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    together = len(one | other)
    return len(one & other) / together if together else 0.0
