"""What waits for whoever checks questions."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from langsen.contests.quizzes.enums import QuestionStatus
from langsen.contests.quizzes.models import Question
from langsen.contests.quizzes.queries.bank import owner_ids
from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import has_permission_somewhere
from langsen.foundation.accounts.models import User
from langsen.foundation.core.text import number_text
from langsen.foundation.core.todos import Todo
from langsen.foundation.orgs.models import OrgUnit


def todos_for(user: User) -> list[Todo]:
    """Return, bank by bank, the questions that wait to be checked, unless all of them are the user's own."""
    if not has_permission_somewhere(user, Permission.QUESTIONS_CHECK):
        return []
    waiting = (
        Question.objects.filter(owner_id__in=owner_ids(user, Permission.QUESTIONS_CHECK))
        .filter(status=QuestionStatus.TO_CHECK)
        .order_by("owner_id")
        .values_list("owner_id")
        .annotate(count=Count("pk"), own=Count("pk", filter=Q(written_by_id=user.pk)))
    )
    rows = [row for row in waiting if row[1] > row[2]]
    names = dict(OrgUnit.objects.filter(pk__in=[owner for owner, *_counts in rows]).values_list("pk", "name"))
    return [_todo(owner, names.get(owner, ""), count, own) for owner, count, own in rows]


def _todo(owner: int, name: str, count: int, own: int) -> Todo:
    words = ngettext("%(count)s question waits to be checked", "%(count)s questions wait to be checked", count)
    note = _("%(unit)s; %(own)s of them are your own, somebody else checks those") if own else "%(unit)s"
    return Todo(
        title=words % {"count": number_text(count)},
        href=f"{reverse('quizzes:questions')}?owner={owner}&status={QuestionStatus.TO_CHECK.value}",
        action=_("Check"),
        note=note % {"unit": name, "own": number_text(own)},
    )
