"""What a register says to get the pages of its pictures and papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import is_allowed
from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.evidence.models import EvidenceLink

STRIP = "tai-lieu"  # the id of the strip on a record's page


@dataclass(frozen=True)
class EvidencePages:
    """The pictures and papers of one register.

    `link` is its link table; `record_for(user, pk)` returns a record the user may see, else raises `NotFound`;
    `permission` is needed in the record's unit to attach, caption and take off; `prefix` is the name of the pages
    ("study:session_evidence"); `signed_papers` offers to mark a scan of the signed paper.
    """

    link: type[EvidenceLink]
    record_for: Callable[[User, int], Any]
    permission: Permission
    prefix: str
    signed_papers: bool = False

    def may_change(self, user: User, record: Any) -> bool:
        """Say whether `user` may attach to `record` and take off, as it stands now."""
        return not self.link.refuse_change(record) and is_allowed(user, self.permission, record.org_unit)

    def rows_of(self, record: Any) -> list[EvidenceLink]:
        """Return what is attached to `record`, in order."""
        return list(self.link.rows_of(record).select_related("file", "added_by"))

    def row_for(self, user: User, pk: int, file: int) -> EvidenceLink:
        """Return one attached file of a record the user may see.

        Raises:
            NotFound: the record or the file is not there, or may not be seen.
        """
        record = self.record_for(user, pk)
        row = self.link.rows_of(record).filter(pk=file).select_related("file", "added_by").first()
        if row is None:
            raise NotFound
        row.record = record
        return row

    def attach_href(self, record: Any) -> str:
        return reverse(self.prefix, args=[record.pk])

    def href(self, row: EvidenceLink, page: str = "file") -> str:
        """Return the address of a file's page: file, thumbnail, caption or detach."""
        return reverse(f"{self.prefix}_{page}", args=[row.record_id, row.pk])


_PAGES: dict[str, EvidencePages] = {}


def register_pages(pages: EvidencePages) -> None:
    """Make `{% evidence_strip record %}` know the pages of a register; called from its `AppConfig.ready`."""
    table: Any = pages.link
    _PAGES[_key(table._meta.get_field("record").related_model)] = pages


def pages_of(record: Any) -> EvidencePages:
    """Return the pages of a record's register; a KeyError is a mistake of ours."""
    return _PAGES[_key(type(record))]


def _key(model: Any) -> str:
    return str(model._meta.label_lower)
