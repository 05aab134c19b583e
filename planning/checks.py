"""System checks for the PLANNING setting."""

from django.core.checks import register

from planning.conf import planning_settings
from runs.checks import product_check


def connect() -> None:
    register(product_check("PLANNING", "planning", lambda: planning_settings().engine))
