from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "langsen.registers.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.registers.programmes.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
