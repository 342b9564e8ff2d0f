from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "portal.encryption"
    verbose_name = "加密"
