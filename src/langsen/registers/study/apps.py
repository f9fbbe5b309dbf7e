from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "langsen.registers.study"
    label = "study"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind
        from langsen.foundation.evidence.pages import register_pages
        from langsen.registers.study.enums import AUDIT_VERBS
        from langsen.registers.study.evidence import SESSION_EVIDENCE
        from langsen.registers.study.imports import SessionsImport

        register_verbs(AUDIT_VERBS)
        register_kind(SessionsImport())
        register_pages(SESSION_EVIDENCE)
