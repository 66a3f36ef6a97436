"""The services as values."""

from importlib import import_module
from typing import cast

from libs.chassis.service.service import Service


def service(name: str) -> Service:
    return cast(Service, import_module(f"services.{name}.main").SERVICE)
