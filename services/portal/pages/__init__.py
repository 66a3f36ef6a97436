"""Pages: each says what is on it. A page is a route in a module of its room and a template; the
module is found by its `router`.
"""

from importlib import import_module
from pkgutil import walk_packages

from fastapi import APIRouter

_modules = sorted(each.name for each in walk_packages(__path__, f"{__name__}."))
ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router for module in map(import_module, _modules) if hasattr(module, "router")
)
