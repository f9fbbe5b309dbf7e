from django.apps import AppConfig


class ArenaConfig(AppConfig):
    name = "langsen.contests.arena"
    label = "arena"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A frozen paper gets its partitions in the same transaction."""
        from langsen.contests.arena.counts import round_counts
        from langsen.contests.arena.services import prepare_round
        from langsen.contests.contests.hooks import on_counting
        from langsen.contests.quizzes.hooks import when_paper_frozen

        when_paper_frozen(prepare_round)
        on_counting(round_counts)
