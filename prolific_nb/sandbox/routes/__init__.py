"""The HTTP routes of the API, by area; every module in these folders has a ``blueprint``, and all are served."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    """The blueprint of every module in these folders: a new module needs no registration."""
    for module in walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            yield import_module(module.name).blueprint
