from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "langsen.foundation.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.access.enums import AUDIT_VERBS
        from langsen.foundation.audit.words import register_verbs

        register_verbs(AUDIT_VERBS)
