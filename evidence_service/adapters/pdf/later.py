"""Modules that another one imports at its beginning and hardly ever calls."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Later(ModuleType):
    """Stands for a module: what is called of it is looked up in the real one, imported then."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **named: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*args, **named)

        return call


@contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Whatever is imported inside gets stand-ins for these modules, unless they are there."""
    put = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            del sys.modules[name]
