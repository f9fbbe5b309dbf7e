from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "langsen.registers.study"
    label = "study"
    default_auto_field = "django.db.models.BigAutoField"
