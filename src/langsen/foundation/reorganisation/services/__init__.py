"""The operations on the tree. Each holds the tree's lock, checks rights and version, and is whole or nothing."""

from langsen.foundation.reorganisation.services.dissolving import dissolve_unit
from langsen.foundation.reorganisation.services.merging import merge_units
from langsen.foundation.reorganisation.services.single import establish_unit, link_superior, move_unit, rename_unit
from langsen.foundation.reorganisation.services.splitting import split_unit

__all__ = [
    "dissolve_unit",
    "establish_unit",
    "link_superior",
    "merge_units",
    "move_unit",
    "rename_unit",
    "split_unit",
]
