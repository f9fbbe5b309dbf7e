"""What the browser of an entrant gets: the light page, its files, and the paper as one plain form."""

from langsen.contests.arena.pages.addresses import prepare, respond

__all__ = ["prepare", "respond"]
