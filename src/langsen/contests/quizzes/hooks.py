"""What happens when a paper is frozen, told to the apps above: they register in their `AppConfig.ready`."""

from collections.abc import Callable

from langsen.contests.contests.models import Round

_when_frozen: list[Callable[[Round], None]] = []


def when_paper_frozen(act: Callable[[Round], None]) -> None:
    """Call `act` with the round, inside the transaction that freezes its paper; registering twice calls it once."""
    if act not in _when_frozen:
        _when_frozen.append(act)


def paper_frozen(of: Round) -> None:
    """Tell whoever registered that the paper of a round is frozen."""
    for act in _when_frozen:
        act(of)
