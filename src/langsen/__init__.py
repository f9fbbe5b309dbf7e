"""Langsen: the programme office of a Party committee, from the cell to the province."""

__version__ = "0.1.0"
