"""Whether a list of units hangs together: every unit under one that is there, none above itself. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

TOP = ""


class Fate(Enum):
    """How a unit stands, going up from it to the top."""

    STANDS = "stands"
    NOWHERE = "nowhere"  # the unit above it is not in the list
    ROUND = "round"  # going up leads back to itself
    BELOW = "below"  # it hangs on one of these two


def fates(above: Mapping[str, str]) -> dict[str, Fate]:
    """Return how each code stands; `above` names the code above each, `TOP` for those directly below the top."""
    found: dict[str, Fate] = {}
    for start in above:
        chain: dict[str, int] = {}
        code = start
        while code in above and code not in found and code not in chain:
            chain[code] = len(chain)
            code = above[code]
        found |= _chain_fates(list(chain), chain.get(code), found.get(code), is_top=code == TOP)
    return found


def _chain_fates(chain: list[str], turn: int | None, known: Fate | None, *, is_top: bool) -> dict[str, Fate]:
    """The fates of a way upwards: `turn` is the place it comes back to, `known` the fate of what it ends at."""
    if is_top or known == Fate.STANDS:
        return dict.fromkeys(chain, Fate.STANDS)
    below = dict.fromkeys(chain, Fate.BELOW)
    if turn is not None:
        return below | dict.fromkeys(chain[turn:], Fate.ROUND)
    if known is None and chain:
        below[chain[-1]] = Fate.NOWHERE
    return below


def hanging_on(gone: Iterable[str], above: Mapping[str, str]) -> set[str]:
    """Return every code that is below one of `gone`, however deep."""
    children = below_each(above)
    waiting, found = list(gone), set[str]()
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def from_above(above: Mapping[str, str]) -> Iterator[str]:
    """Yield every code that stands after the one above it."""
    children = below_each(above)
    waiting = list(children.get(TOP, []))
    while waiting:
        code = waiting.pop()
        yield code
        waiting += children.get(code, [])


def below_each(above: Mapping[str, str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for code, upper in above.items():
        children.setdefault(upper, []).append(code)
    return children
