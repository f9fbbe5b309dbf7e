"""Work of notices that happens after the answer: mail, the day's reminders, forgetting."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from langsen.foundation.core.periods import today
from langsen.foundation.notifications import mailing, reminders, services

# Again after 5 s, 25 s, 2, 10 and 52 minutes and 4 h 20 min: a mail server repaired the same day loses nothing.
_AGAIN = RetryStrategy(max_attempts=7, exponential_wait=5, retry_exceptions={mailing.NotMailedYet})


@app.task(name="notifications.mail_waiting", retry=_AGAIN)
def mail_waiting(user_id: int) -> None:
    """Mail what waits for this person, in one letter."""
    mailing.mail_waiting(user_id)


# Cron times are UTC. Once an hour from 7:05 to 10:05 in Vietnam, because the machine may be off at seven; whoever has
# the day's list gets no second one.
@app.periodic(cron="5 0-3 * * *")
@app.task(name="notifications.remind_officers")
def remind_officers(timestamp: int) -> None:  # noqa: ARG001
    """Give each officer the day's list of due things."""
    reminders.remind_officers(today())


@app.periodic(cron="40 * * * *")
@app.task(name="notifications.mail_left_behind")
def mail_left_behind(timestamp: int) -> None:  # noqa: ARG001
    """Mail what a killed worker left."""
    mailing.mail_left_behind()


@app.periodic(cron="40 2 * * *")
@app.task(name="notifications.forget_old")
def forget_old(timestamp: int) -> None:  # noqa: ARG001
    """Delete notices read long ago."""
    services.forget_old_notices()
