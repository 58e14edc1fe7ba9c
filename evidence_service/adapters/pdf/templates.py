"""The Jinja environment of templates/bundle, and its templates compiled for the drawing child.

Compiling takes longer than putting together a small bundle. The parent does it once, for a child
that has read other people's bytes must not leave code behind for the next one.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from evidence_service.adapters.pdf import words

TEMPLATES = Path(__file__).parents[3] / "templates" / "bundle"
_FILTERS = {
    "clean": words.clean,
    "name": words.name,
    "paragraphs": words.paragraphs,
    "direction": words.direction,
    "script_tag": words.script_tag,
}


def make_environment(compiled: Path | None = None) -> Environment:
    """For one bundle; `compiled` is a folder that `put_compiled` filled."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if compiled else None,
    )
    environment.filters.update(_FILTERS)
    return environment


def put_compiled(folder: Path) -> None:
    """Put every template into the folder, compiled."""
    shutil.copytree(_compiled().name, folder)


@cache
def _compiled() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="templates-")
    environment = make_environment(Path(folder.name))
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    return folder
