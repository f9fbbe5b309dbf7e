from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "langsen.contests.results"
    label = "results"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.contests.results.enums import AUDIT_VERBS
        from langsen.foundation.audit.words import register_verbs

        register_verbs(AUDIT_VERBS)
