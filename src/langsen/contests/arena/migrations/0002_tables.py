"""The two partitioned tables of the arena; `arena.services.prepare_round` adds a round's partitions."""

from django.db import migrations

ATTEMPT = """
CREATE TABLE arena_attempt (
    round_id bigint NOT NULL,
    id uuid NOT NULL,
    entrant_id bigint NOT NULL,
    number smallint NOT NULL,
    seed bigint NOT NULL,
    questions smallint[] NOT NULL,
    answers smallint[] NOT NULL,
    seqs integer[] NOT NULL,
    lease integer NOT NULL DEFAULT 1,
    started_at timestamptz NOT NULL,
    deadline_at timestamptz NOT NULL,
    saved_at timestamptz,
    submitted_at timestamptz,
    by_clock boolean NOT NULL DEFAULT false,
    duration_ms integer,
    correct smallint,
    device bigint,
    is_phone boolean NOT NULL DEFAULT false,
    PRIMARY KEY (round_id, id)
) PARTITION BY LIST (round_id);
CREATE INDEX arena_attempt_entrant ON arena_attempt (entrant_id, round_id);
CREATE INDEX arena_attempt_open ON arena_attempt (deadline_at) WHERE submitted_at IS NULL;
"""

STANDING = """
CREATE TABLE arena_standing (
    round_id bigint NOT NULL,
    entrant_id bigint NOT NULL,
    used smallint NOT NULL DEFAULT 0,
    open_attempt uuid,
    open_until timestamptz,
    prediction bigint,
    predicted_at timestamptz,
    submitted smallint NOT NULL DEFAULT 0,
    all_correct smallint NOT NULL DEFAULT 0,
    first_submitted_at timestamptz,
    first_all_correct_at timestamptz,
    counted uuid,
    correct smallint,
    duration_ms integer,
    submitted_at timestamptz,
    is_phone boolean NOT NULL DEFAULT false,
    key1 bigint,
    key2 bigint,
    key3 bigint,
    key4 bigint,
    PRIMARY KEY (round_id, entrant_id)
) PARTITION BY LIST (round_id);
CREATE INDEX arena_standing_order ON arena_standing (round_id, key1, key2, key3, key4, entrant_id);
"""


class Migration(migrations.Migration):
    dependencies = [("arena", "0001_initial")]

    operations = [
        migrations.RunSQL(ATTEMPT, "DROP TABLE arena_attempt"),
        migrations.RunSQL(STANDING, "DROP TABLE arena_standing"),
    ]
