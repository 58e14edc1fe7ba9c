"""The master bundle drawn as PDF: sections by WeasyPrint, exhibits and stitching by pikepdf.

`render_bundle` is the door; it works in a child process and may be called from any thread.
`draw_parts` does the long part of its work ahead of it. Not for what a platform's form takes
(that is a delivery), nor for HTML that a person wrote: the only templates are those under
templates/bundle.
"""

from evidence_service.adapters.pdf.render import draw_parts, render_bundle
from evidence_service.adapters.pdf.result import IndexLine, RenderedBundle

__all__ = ["IndexLine", "RenderedBundle", "draw_parts", "render_bundle"]
