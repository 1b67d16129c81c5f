"""The desk as a Django application, and the one place where it keeps the kernel that its installation gave it."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig, apps

from safehands.service.handle import Service


class DeskConfig(AppConfig):
    """``service`` is set once, by whoever opens the installation, before the first request."""

    name = "safehands.desk"
    label = "desk"
    verbose_name = "Safehands desk"
    service: ClassVar[Service | None] = None

    def ready(self) -> None:
        """Listen for whoever signs in."""
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from safehands.desk.sessions import began, failed

        user_logged_in.connect(began, dispatch_uid="safehands.desk.sessions.began")
        user_login_failed.connect(failed, dispatch_uid="safehands.desk.sessions.failed")


def give(service: Service | None) -> None:
    """Give the desk its kernel (or take it away when the installation closes)."""
    DeskConfig.service = service


def kernel() -> Service:
    """The kernel of this installation. Every page reads and writes through it."""
    config = apps.get_app_config("desk")
    assert isinstance(config, DeskConfig)
    assert config.service is not None, "the installation gives the desk its kernel before the first request"
    return config.service
