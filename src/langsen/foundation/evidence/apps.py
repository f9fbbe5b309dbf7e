from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "langsen.foundation.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.evidence.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
