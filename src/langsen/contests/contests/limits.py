"""How often somebody may try: counted in the contest store, shared by every web process, exact under load.

Keys are keyed digests, so that neither addresses nor phone numbers are kept for this.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import connections

from langsen.contests.contests.models import RateCount
from langsen.contests.stores import STORE

_KEPT_FOR = timedelta(days=2)


class Limit(Enum):
    """(most, within how long). A whole school may share one address, so what is counted by address is generous."""

    SIGN_UP_ADDRESS = 2_000, timedelta(minutes=10)
    SIGN_UP_PHONE = 6, timedelta(hours=1)
    WRONG_CODE_ADDRESS = 200, timedelta(minutes=10)
    SENT_CODE_ADDRESS = 600, timedelta(minutes=10)
    SENT_CODE_PERSON = 4, timedelta(hours=1)

    @property
    def most(self) -> int:
        return self.value[0]

    @property
    def within(self) -> timedelta:
        return self.value[1]


_COUNT = """
INSERT INTO contests_ratecount AS kept (key, began_at, count) VALUES (%(key)s, %(at)s, %(step)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN kept.began_at <= %(before)s THEN excluded.count ELSE kept.count + excluded.count END,
  began_at = CASE WHEN kept.began_at <= %(before)s THEN excluded.began_at ELSE kept.began_at END
RETURNING count
"""


def is_within(limit: Limit, who: str, *, at: datetime, counts: bool = True) -> bool:
    """Count one try of `who` and say whether it is still within the limit; without `counts` only look."""
    now = {"at": at, "before": at - limit.within}
    facts: dict[str, Any] = {"key": _key(limit, who), "step": int(counts), **now}
    with connections[STORE].cursor() as cursor:
        cursor.execute(_COUNT, facts)
        (count,) = cursor.fetchone()
    return bool(count <= limit.most if counts else count < limit.most)


def forget_counts(*, at: datetime) -> int:
    """Delete counts that no limit asks about any more; return how many."""
    return RateCount.objects.filter(began_at__lt=at - _KEPT_FOR).delete()[0]


def _key(limit: Limit, who: str) -> str:
    return hmac.new(f"limit {settings.SECRET_KEY}".encode(), f"{limit.name} {who}".encode(), hashlib.sha256).hexdigest()
