"""What the arena writes, in the contest store: one row per attempt, one per entrant and round. Nothing else.

Both tables are partitioned by round and made by hand in the migration (`managed = False`); a round's partitions are
made when its paper is frozen (`arena.services.prepare_round`). No foreign keys are enforced on this path.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.models import Entrant, Round


class Attempt(models.Model):
    """One paper of one entrant: which questions it had, what was answered last, when it was handed in.

    `id` is made by the client, so that a retry finds its own attempt. `questions[i]` is the `RoundQuestion.number` at
    place i + 1 of this paper, drawn from `seed`; `answers[i]` the mask of chosen options in the question's own order
    (0: not answered), whatever order was shown; `seqs[i]` the client's count of the change it came from. `lease` rises
    when the paper is taken up on another device. `submitted_at` null: still open. `by_clock`: handed in by the server
    when time was up, with what had been saved. `correct` is graded at submission from the key in force then.
    """

    pk = models.CompositePrimaryKey("round_id", "id")
    round = models.ForeignKey(Round, on_delete=models.DO_NOTHING, db_constraint=False, related_name="attempts")
    id = models.UUIDField()
    entrant = models.ForeignKey(Entrant, on_delete=models.DO_NOTHING, db_constraint=False, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    questions = ArrayField(models.SmallIntegerField())
    answers = ArrayField(models.SmallIntegerField())
    seqs = ArrayField(models.IntegerField())
    lease = models.IntegerField(default=1)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    by_clock = models.BooleanField(default=False)
    duration_ms = models.IntegerField(null=True)
    correct = models.SmallIntegerField(null=True)
    device = models.BigIntegerField(null=True)
    is_phone = models.BooleanField(default=False)

    class Meta:
        managed = False
        db_table = "arena_attempt"
        verbose_name = _("attempt")

    def __str__(self) -> str:
        return str(self.id)


class Standing(models.Model):
    """An entrant in a round: attempts used, the prediction, and the attempt that counts with its ranking keys.

    `used` counts started papers and never passes the cap. `open_attempt` is the paper under way until `open_until`.
    `submitted` and `all_correct` count handed-in papers. `counted` is the attempt that counts by the contest's rule.
    `key1`..`key4` are its ranking keys in the declared order, smaller is better: -correct, the distance of the
    prediction (0 until the round's closing work), the duration in ms, the submission as ms since 1970; keys not
    declared are 0. The index (round, key1..key4, entrant) is the ranking itself. Null keys: nothing handed in yet.
    """

    pk = models.CompositePrimaryKey("round_id", "entrant_id")
    round = models.ForeignKey(Round, on_delete=models.DO_NOTHING, db_constraint=False, related_name="standings")
    entrant = models.ForeignKey(Entrant, on_delete=models.DO_NOTHING, db_constraint=False, related_name="standings")
    used = models.SmallIntegerField(default=0)
    open_attempt = models.UUIDField(null=True)
    open_until = models.DateTimeField(null=True)
    prediction = models.BigIntegerField(null=True)
    predicted_at = models.DateTimeField(null=True)
    submitted = models.SmallIntegerField(default=0)
    all_correct = models.SmallIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True)
    first_all_correct_at = models.DateTimeField(null=True)
    counted = models.UUIDField(null=True)
    correct = models.SmallIntegerField(null=True)
    duration_ms = models.IntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    is_phone = models.BooleanField(default=False)
    key1 = models.BigIntegerField(null=True)
    key2 = models.BigIntegerField(null=True)
    key3 = models.BigIntegerField(null=True)
    key4 = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "arena_standing"
        verbose_name = _("standing")

    def __str__(self) -> str:
        return f"{self.round_id}/{self.entrant_id}"
