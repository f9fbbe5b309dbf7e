"""What the apps above do when something happens to a contest: they register in their `AppConfig.ready`.

Registering twice calls it once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from langsen.contests.contests.models import Contest, Round
from langsen.foundation.accounts.models import User


@dataclass(frozen=True)
class RoundCounts:
    """How a round stands: people who started, papers started, people and papers handed in."""

    people_started: int = 0
    attempts_started: int = 0
    people_handed_in: int = 0
    attempts_handed_in: int = 0


@dataclass(frozen=True)
class Missing:
    """Something missing before the announcement, and where it is mended; `stops`: not announced like this."""

    words: str
    href: str
    stops: bool = True


Checked = Callable[[Contest], Iterable[Missing]]
Announcing = Callable[[Contest, User], None]
Copied = Callable[[Mapping[int, Round], User], Iterable[str]]
Counted = Callable[[Contest], Mapping[int, RoundCounts]]

_on_checking: list[Checked] = []
_before_announcing: list[Announcing] = []
_on_copied: list[Copied] = []
_on_counting: list[Counted] = []


def on_checking(act: Checked) -> None:
    """Ask `act` what is missing before a contest can be announced; the page that lists it and the announcement do."""
    if act not in _on_checking:
        _on_checking.append(act)


def before_announcing(act: Announcing) -> None:
    """Call `act` with the contest and who announces it, inside that transaction; it may refuse with `BadInput`."""
    if act not in _before_announcing:
        _before_announcing.append(act)


def on_copied(act: Copied) -> None:
    """Call `act` with {old round's id: new round} and who copies; it returns in words what it carried over."""
    if act not in _on_copied:
        _on_copied.append(act)


def on_counting(act: Counted) -> None:
    """Ask `act` how the rounds of a contest stand, by the round's id; it must be cheap."""
    if act not in _on_counting:
        _on_counting.append(act)


def missing_elsewhere(contest: Contest) -> list[Missing]:
    """Return what is missing by whoever registered."""
    return [one for act in _on_checking for one in act(contest)]


def announcing(contest: Contest, by: User) -> None:
    """Tell whoever registered that the contest is being announced."""
    for act in _before_announcing:
        act(contest, by)


def copied(rounds: Mapping[int, Round], by: User) -> list[str]:
    """Let whoever registered carry over what is theirs."""
    return [words for act in _on_copied for words in act(rounds, by)]


def counts_of(contest: Contest) -> dict[int, RoundCounts]:
    """Return how each round stands; rounds nobody counts are absent."""
    return {pk: counts for act in _on_counting for pk, counts in act(contest).items()}
