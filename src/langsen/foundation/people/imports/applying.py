"""Writing the rows of a roster file that were judged new or changed."""

from collections.abc import Sequence

from django.db.backends.postgresql.psycopg_any import DateRange

from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record, record_many
from langsen.foundation.core.copying import copy_rows, days_as_text
from langsen.foundation.core.models import ImportStage
from langsen.foundation.core.periods import ONE_DAY, today
from langsen.foundation.core.sheets.progress import SILENT, Progress
from langsen.foundation.core.text import fold
from langsen.foundation.people import services
from langsen.foundation.people.bulk import NewPerson, enrol
from langsen.foundation.people.imports.judging import Plan
from langsen.foundation.people.models import Membership, Person, Post

_BATCH = 2000
_HEADS = ("bi thu", "bi thu chi bo", "bi thu dang uy", "bi thu dang bo")


def add_people(plans: Sequence[Plan], *, by: User, progress: Progress = SILENT) -> None:
    """Add the people of rows judged new, with their posts."""
    for first in progress.through(range(0, len(plans), _BATCH), ImportStage.WRITING, len(plans), each=_BATCH):
        batch = plans[first : first + _BATCH]
        keys = enrol([_new_person(plan) for plan in batch], by=by)
        posts = (_post(key, plan) for key, plan in zip(keys, batch, strict=True) if plan.line.post)
        copy_rows(Post, ("person_id", "org_unit_id", "title", "is_head", "during"), map(_post_row, posts))


def _new_person(plan: Plan) -> NewPerson:
    line = plan.line
    facts: dict[str, object] = dict(line.given)
    return NewPerson(
        line.full_name,
        line.unit,
        line.person_class,
        line.from_on,
        source_key=line.source_key,
        **facts,  # type: ignore[arg-type]
    )


def _post(person_id: int, plan: Plan) -> Post:
    return Post(
        person_id=person_id,
        org_unit=plan.line.unit,
        title=plan.line.post,
        is_head=fold(plan.line.post) in _HEADS,
        during=DateRange(max(today(), plan.line.unit.from_on), plan.line.unit.during.upper),
    )


def _post_row(post: Post) -> tuple[int, int, str, bool, str]:
    during = days_as_text(post.during.lower, post.during.upper)
    return post.person_id, post.org_unit_id, post.title, post.is_head, during


def change_people(plans: Sequence[Plan], *, by: User, progress: Progress = SILENT) -> None:
    """Change the people of rows judged changed: plain facts at once, what has rules of its own by its use case."""
    _change_fields([plan for plan in plans if plan.fields], by=by)
    for plan in progress.through(plans, ImportStage.WRITING, len(plans)):
        _change_belonging(plan, by=by)
    _give_posts([plan for plan in plans if plan.post], by=by)


def _change_fields(plans: Sequence[Plan], *, by: User) -> None:
    groups: dict[tuple[str, ...], dict[int, Plan]] = {}
    for plan in plans:
        if plan.person is not None:
            for name, value in plan.fields.items():
                setattr(plan.person, name, value)
            groups.setdefault(tuple(sorted(plan.fields)), {})[plan.person.pk] = plan
    for names, changed in groups.items():
        people = [plan.person for plan in changed.values() if plan.person]
        Person.objects.bulk_update(people, names, batch_size=_BATCH)
        units = {pk: plan.line.unit.pk for pk, plan in changed.items()}
        record_many("person.changed", people, by=by, unit_of=units, data={"fields": names, "from": "excel"})


def _change_belonging(plan: Plan, *, by: User) -> None:
    line, person = plan.line, plan.person
    if person is None:
        return
    if plan.transfer_from:
        services.transfer_person(plan.transfer_from, to=line.unit, on=today(), person_class=line.person_class, by=by)
    elif plan.opens_membership:
        from_on = max(today(), line.unit.from_on) if "from_on" not in line.row.values else line.from_on
        services.add_membership(person, org_unit=line.unit, person_class=line.person_class, from_on=from_on, by=by)
    if plan.membership and plan.becomes_full_on:
        services.record_full_membership(plan.membership, on=plan.becomes_full_on, by=by)
    elif plan.membership and plan.new_class:
        before = plan.membership.person_class
        Membership.objects.filter(pk=plan.membership.pk).update(person_class=plan.new_class)
        data = {"person_class": [before, plan.new_class], "from": "excel"}
        record("person.changed", person, by=by, unit_id=line.unit.pk, data=data)


def _give_posts(plans: Sequence[Plan], *, by: User) -> None:
    """The post of the file is the one held today in that unit; another one held there ends yesterday."""
    day = today()
    for plan in plans:
        if plan.person is None:
            continue
        for held in plan.person.posts.filter(org_unit=plan.line.unit, during__contains=day):
            if held.during.lower < day:
                services.end_post(held, last_on=day - ONE_DAY, by=by)
            else:
                held.delete()
        post = _post(plan.person.pk, plan)
        post.save()
        data = {"title": post.title, "from_on": day}
        record("post.given", plan.person, by=by, unit_id=plan.line.unit.pk, data=data)
