"""Use cases of papers: heads and letterheads of offices, own numbering."""

from langsen.foundation.papers.services.heads import end_head, end_letterhead, save_head, upload_letterhead
from langsen.foundation.papers.services.numbering import open_book, reserve_number, void_number

__all__ = [
    "end_head",
    "end_letterhead",
    "open_book",
    "reserve_number",
    "save_head",
    "upload_letterhead",
    "void_number",
]
