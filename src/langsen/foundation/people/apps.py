from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "langsen.foundation.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.core.sheets.kinds import register_kind
        from langsen.foundation.people.enums import AUDIT_VERBS
        from langsen.foundation.people.imports import RosterImport

        register_verbs(AUDIT_VERBS)
        register_kind(RosterImport())
