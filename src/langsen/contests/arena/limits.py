"""How often one account may ask, and from when on an address counts.

10 requests a second per account with bursts of 20. None per address until 2,000 accounts share it: a school or a
factory goes through one; beyond that the address as a whole gets what 2,000 lively people need.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from langsen.contests.arena.refusals import TOO_FAST, refused

K = TypeVar("K", bound=Hashable)
PER_ACCOUNT, ACCOUNT_BURST = 10, 20
ACCOUNTS_SHARING = 2_000
PER_ADDRESS, ADDRESS_BURST = 2_000, 4_000
_FORGET_MS = 10 * 60 * 1000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: int


class Rate(Generic[K]):
    """A token bucket for each key; moments in ms, given by the caller."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_ms = per_second / 1000
        self._burst = burst
        self._buckets: dict[K, _Bucket] = {}

    def take(self, key: K, now: int) -> int:
        """Take one; return 0, or after how many ms one may be taken."""
        bucket = self._buckets.get(key)
        if bucket is None:
            self._buckets[key] = _Bucket(self._burst - 1, now)
            return 0
        bucket.tokens = min(self._burst, bucket.tokens + max(0, now - bucket.at) * self._per_ms)
        bucket.at = now
        if bucket.tokens < 1:
            return int((1 - bucket.tokens) / self._per_ms) + 1
        bucket.tokens -= 1
        return 0

    def forget(self, now: int) -> None:
        """Drop those that have long been full again."""
        for key in [key for key, bucket in self._buckets.items() if now - bucket.at > _FORGET_MS]:
            del self._buckets[key]


class Limits:
    """The limits of one arena process."""

    def __init__(self) -> None:
        self._accounts: Rate[int] = Rate(PER_ACCOUNT, ACCOUNT_BURST)
        self._addresses: Rate[str] = Rate(PER_ADDRESS, ADDRESS_BURST)
        self._sharing: dict[str, set[int]] = {}

    def check(self, account: int, address: str, now: int) -> None:
        """Count a request.

        Raises:
            Refused: too fast, with the time after which it may be tried again.
        """
        sharing = self._sharing.setdefault(address, set())
        if len(sharing) <= ACCOUNTS_SHARING:
            sharing.add(account)
        wait = self._accounts.take(account, now)
        if not wait and len(sharing) > ACCOUNTS_SHARING:
            wait = self._addresses.take(address, now)
        if wait:
            raise refused(TOO_FAST, retry_ms=wait)

    def forget(self, now: int) -> None:
        """Drop what has not been asked for long; call it now and then."""
        self._accounts.forget(now)
        self._addresses.forget(now)
        if sum(map(len, self._sharing.values())) > 500_000:
            self._sharing.clear()
