from django.apps import AppConfig


class ReorganisationConfig(AppConfig):
    name = "langsen.foundation.reorganisation"
    label = "reorganisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind
        from langsen.foundation.reorganisation.enums import AUDIT_VERBS
        from langsen.foundation.reorganisation.imports import TreeImport

        register_verbs(AUDIT_VERBS)
        register_kind(TreeImport())
