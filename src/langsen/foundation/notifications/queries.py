"""Reading one's own notices, and when units were last reminded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import fold
from langsen.foundation.notifications.enums import MailState
from langsen.foundation.notifications.models import MailChoice, Notice, Nudge


def notices_for(user: User) -> QuerySet[Notice]:
    """Return the user's own notices, the unread first, then the newest."""
    return (
        Notice.objects.filter(user=user)
        .select_related("org_unit", "created_by")
        .order_by(F("read_at").asc(nulls_first=True), "-created_at", "-id")
    )


def unread_count(user: User) -> int:
    return Notice.objects.filter(user=user, read_at=None).count()


def new_notices(user: User, limit: int = 5) -> list[Notice]:
    """Return the newest unread notices: for the desk."""
    return list(notices_for(user).filter(read_at=None)[:limit])


def notice_for(user: User, pk: int) -> Notice:
    """Return one of the user's own notices.

    Raises:
        NotFound: it is somebody else's, or does not exist.
    """
    notice = notices_for(user).filter(pk=pk).first()
    if notice is None:
        raise NotFound
    return notice


def matching(notices: QuerySet[Notice], text: str) -> list[Notice]:
    """Narrow one person's notices to those with every word of `text`, with or without accents.

    An inbox is short, so its words are folded here and not kept as a column.
    """
    words = fold(text).split()
    return [
        notice
        for notice in notices
        if all(word in fold(f"{notice.subject} {notice.text} {notice.org_unit or ''}") for word in words)
    ]


def last_nudges(about: Iterable[str]) -> dict[tuple[str, int], datetime]:
    """Return {(about, unit id): when that unit was last reminded of it}; never reminded ones are absent."""
    rows = Nudge.objects.filter(about__in=list(about)).order_by("about", "org_unit_id", "-created_at", "-id")
    found = rows.distinct("about", "org_unit_id").values_list("about", "org_unit_id", "created_at")
    return {(about, unit): at for about, unit, at in found}


def wants_mail(user: User) -> bool:
    """Say whether this person, once an address is known, gets notices by mail: it was not declined."""
    return not MailChoice.objects.filter(user=user, wants_mail=False).exists()


@dataclass(frozen=True)
class MailTrouble:
    """Mails that did not get through: how many, since when, and what the server said last."""

    count: int
    since: datetime
    words: str


def mail_trouble(user: User | None = None) -> MailTrouble | None:
    """Return what did not get through to `user` (None: to anybody) since the last mail that did; None when all did."""
    rows = Notice.objects.all() if user is None else Notice.objects.filter(user=user)
    last = rows.filter(mail_state=MailState.SENT).order_by("-mailed_at").values_list("mailed_at", flat=True).first()
    failed = rows.filter(mail_state=MailState.FAILED)
    if last is not None:
        failed = failed.filter(created_at__gt=last)
    newest = failed.order_by("-created_at", "-id").first()
    if newest is None:
        return None
    oldest = failed.order_by("created_at", "id").values_list("created_at", flat=True)[0]
    return MailTrouble(failed.count(), oldest, newest.mail_error)
