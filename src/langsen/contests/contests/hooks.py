"""What other apps do when a contest is announced: they register in their `AppConfig.ready`."""

from collections.abc import Callable

from langsen.contests.contests.models import Contest
from langsen.foundation.accounts.models import User

_before_announcing: list[Callable[[Contest, User], None]] = []


def before_announcing(act: Callable[[Contest, User], None]) -> None:
    """Call `act` with the contest and who announces it, inside that transaction; it may refuse with `BadInput`.

    Registering twice calls it once.
    """
    if act not in _before_announcing:
        _before_announcing.append(act)


def announcing(contest: Contest, by: User) -> None:
    """Tell whoever registered that the contest is being announced."""
    for act in _before_announcing:
        act(contest, by)
