"""What the pages of one register have in common, said once."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from langsen.foundation.access.enums import Permission


@dataclass(frozen=True)
class Register:
    """A register of records that belong to a unit.

    `list_page` names its list ("study:sessions"); in the same namespace stand `change`, `cancel` and `restore`.
    `nowhere` is said to a person who records for no unit at all.
    """

    title: str | Promise
    list_page: str
    read: Permission
    record: Permission
    nowhere: str | Promise

    @property
    def list_href(self) -> str:
        return reverse(self.list_page)

    def href(self, page: str, pk: int) -> str:
        """Return the address of a page about one record: "change", "cancel", "restore"."""
        return reverse(f"{self.list_page.split(':')[0]}:{page}", args=[pk])
