"""The replay's case at the desk, and two people at its two agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desk.conftest import Sit, Somebody
from northshire import CPS, POL, Northshire, begun, seats
from safehands.service.handle import Service


@pytest.fixture
def north(desk: Service) -> Northshire:
    """The case."""
    seats()
    return begun(desk)


@pytest.fixture
def police(north: Northshire, sit: Sit) -> Somebody:
    """Somebody of Northshire Police."""
    return sit(POL, "supervisor")


@pytest.fixture
def prosecutor(north: Northshire, sit: Sit) -> Somebody:
    """Somebody of the prosecutors."""
    return sit(CPS, "supervisor")


@pytest.fixture
def settings_of(desk: Service) -> Callable[..., Any]:
    """Django's settings for a while: ``with settings_of(NAME=value)``."""
    from django.test import override_settings

    return override_settings
