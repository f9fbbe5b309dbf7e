"""How many examples a property is tried on: all in the long tier, a share in the fast one."""

import os

FAST_TIER = "LANGSEN_FAST_TIER"
"""Set by `tests.isolation` in a run that leaves out the slow tests."""
_SHARE = 5


def examples(many: int) -> int:
    """Return `many`, in the fast tier a fifth of it (at least three)."""
    return max(3, many // _SHARE) if FAST_TIER in os.environ else many
