from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    name = "langsen.registers.communications"
    label = "communications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind
        from langsen.foundation.evidence.pages import register_pages
        from langsen.registers.communications.enums import AUDIT_VERBS
        from langsen.registers.communications.evidence import OUTPUT_EVIDENCE
        from langsen.registers.communications.imports import OutputsImport

        register_verbs(AUDIT_VERBS)
        register_kind(OutputsImport())
        register_pages(OUTPUT_EVIDENCE)
