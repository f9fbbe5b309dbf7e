from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "langsen.registers.kit"
    label = "kit"
