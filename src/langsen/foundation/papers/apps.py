from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "langsen.foundation.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.papers.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
