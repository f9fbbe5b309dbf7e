"""The pages of heads, letterheads and document numbers."""

from langsen.foundation.papers.views.files import file_in_force, own_file, preview, shipped_file
from langsen.foundation.papers.views.heads import (
    edit_head,
    end_head,
    end_letterhead,
    heads,
    unit_page,
    upload_letterhead,
)
from langsen.foundation.papers.views.numbers import numbers, open_book, reserve_number, void_number

__all__ = [
    "edit_head",
    "end_head",
    "end_letterhead",
    "file_in_force",
    "heads",
    "numbers",
    "open_book",
    "own_file",
    "preview",
    "reserve_number",
    "shipped_file",
    "unit_page",
    "upload_letterhead",
    "void_number",
]
