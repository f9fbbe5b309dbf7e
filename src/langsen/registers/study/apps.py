from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "langsen.registers.study"
    label = "study"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.registers.study.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
