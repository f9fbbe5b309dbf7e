"""Contests' counts are copied up by the clock, and at once when somebody asks."""

from procrastinate.contrib.django import app

from langsen.contests.tallies.services import copy_tallies


@app.task(name="tallies.copy_contest")
def copy_contest(contest_id: int) -> None:
    """Copy one contest: its round closed, its results were published."""
    copy_tallies(contest_id)


@app.periodic(cron="7 * * * *")
@app.task(name="tallies.copy_hourly")
def copy_hourly(timestamp: int) -> None:  # noqa: ARG001
    """Copy the contests whose counts may still change."""
    copy_tallies()


# 20:37 UTC is 3:37 in Vietnam.
@app.periodic(cron="37 20 * * *")
@app.task(name="tallies.copy_nightly")
def copy_nightly(timestamp: int) -> None:  # noqa: ARG001
    """Copy every contest: an identity merged or a prize withdrawn long after the publication is seen too."""
    copy_tallies(every=True)
