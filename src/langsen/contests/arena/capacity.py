"""The sizes of one arena process, from the environment; `docs/arena.md` lists them."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Capacity:
    """How many people, how long queues, how large batches."""

    people: int = 10_000
    starts_queued: int = 5_000
    writes_queued: int = 20_000
    together: int = 200
    writers: int = 2

    @classmethod
    def from_environment(cls) -> "Capacity":
        """Return the sizes as the environment gives them."""
        return cls(
            people=_number("LANGSEN_ARENA_CAPACITY", cls.people),
            starts_queued=_number("LANGSEN_ARENA_STARTS_QUEUED", cls.starts_queued),
            writes_queued=_number("LANGSEN_ARENA_WRITES_QUEUED", cls.writes_queued),
            together=_number("LANGSEN_ARENA_BATCH", cls.together),
            writers=_number("LANGSEN_ARENA_WRITERS", cls.writers),
        )


def _number(name: str, usual: int) -> int:
    given = os.environ.get(name, "")
    if given and not (given.isdecimal() and int(given) > 0):
        raise ValueError(f"{name} must be a whole number above 0, not {given!r}")
    return int(given) if given else usual
