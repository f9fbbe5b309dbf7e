from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "langsen.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.reports.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
