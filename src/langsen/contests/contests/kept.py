"""What public pages tell, kept by this process as it was read or rendered, until any of it changes.

Everything kept is good for one number of its contest (`page_version`), which is read from the store at every view: a
consent taken back, in whatever process, voids all that is kept of the contest with its commit. Kept in memory only, so
that nobody's name lies in a second place, and not for long.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from langsen.contests.contests.models import Contest
from langsen.contests.contests.page_version import page_version_of

MOST_KEPT = 600
LONGEST_SECONDS = 300.0
Made = TypeVar("Made")
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    until: float
    made: Any


_all: OrderedDict[_Key, _Kept] = OrderedDict()
_lock = threading.Lock()


def kept(contest: Contest, key: _Key, make: Callable[[], Made]) -> Made:
    """Return what `make` gave for `key` since the contest's pages changed last, or make it now; not to be changed.

    `contest` was read for this view, before anything `make` reads: so what is kept is never older than its number.
    """
    return kept_for(contest.pk, page_version_of(contest), key, make)


def kept_for(contest_id: int, version: int, key: _Key, make: Callable[[], Made]) -> Made:
    """The same for a contest of which only the number was read."""
    place, now = (contest_id, *key), time.monotonic()
    with _lock:
        held = _all.get(place)
        if held is not None and held.version == version and now < held.until:
            _all.move_to_end(place)
            return held.made  # type: ignore[no-any-return]
    made = make()
    with _lock:
        _all[place] = _Kept(version, now + LONGEST_SECONDS, made)
        _all.move_to_end(place)
        while len(_all) > MOST_KEPT:
            _all.popitem(last=False)
    return made


def forget_kept() -> None:
    """Let everything go, as another process has nothing of it."""
    with _lock:
        _all.clear()
