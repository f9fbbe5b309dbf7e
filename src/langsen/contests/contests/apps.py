from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "langsen.contests.contests"
    label = "contests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.contests.contests.enums import ENTRANT_VERBS, ORGANISING_VERBS, AskedField, RankingKey
        from langsen.contests.contests.imports import ContestUnitsImport
        from langsen.foundation.audit.words import register_values, register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind

        register_kind(ContestUnitsImport())
        register_verbs(ENTRANT_VERBS)
        register_verbs(ORGANISING_VERBS)
        asked, keys = dict(AskedField.choices), dict(RankingKey.choices)
        register_values({"contests.Contest.asks": asked, "contests.Contest.ranking": keys})
