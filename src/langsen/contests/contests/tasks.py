"""Work of contests that happens by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from langsen.contests.contests.limits import forget_counts
from langsen.contests.contests.services.confirming import forget_sign_up_codes
from langsen.contests.contests.services.retention import forget_where_due
from langsen.contests.contests.services.units import mark_ended_units


@app.periodic(cron="50 18 * * *")  # UTC: ten to two at night in Vietnam
@app.task(name="contests.forget_entrants")
def forget_entrants(timestamp: int) -> None:  # noqa: ARG001
    """Delete personal details whose time is over, and what limits and sign-up codes left behind."""
    now = timezone.now()
    forget_where_due(at=now)
    forget_counts(at=now)
    forget_sign_up_codes(at=now)


@app.periodic(cron="10 19 * * *")  # UTC: ten past two at night in Vietnam
@app.task(name="contests.mark_ended_units")
def mark_ended(timestamp: int) -> None:  # noqa: ARG001
    """Give units that ended in the registers their last day in the contests under way."""
    mark_ended_units()
