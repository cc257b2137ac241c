"""What dresses a page: templates, style sheets, the one script, and the policy that allows only them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"
COMPONENTS: Final = Path(__file__).parents[1] / "present" / "style.css"
"""The look of findings, tables and figures, shared with the session that writes them."""


def style() -> str:
    """Return the whole style sheet: the shared components, then the layout of a page."""
    return "".join(path.read_text("utf-8") for path in (COMPONENTS, TEMPLATES / "page.css"))


def script() -> str:
    """Return the site's one script: search and filters, which a page can do without."""
    return (TEMPLATES / "site.js").read_text("utf-8")


def policy(css: str, javascript: str = "") -> str:
    """Return the content security policy that allows this style, this script, drawn images and nothing else.

    Parameters
    ----------
    css, javascript
        The exact text between the tags; a policy names them by digest (CSP Level 3, section 2.3.1).
    """
    scripts = f"; script-src '{_digest(javascript)}'" if javascript else ""
    look = f"img-src data:; style-src '{_digest(css)}'{scripts}"
    return f"default-src 'none'; {look}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - planning needs no templates

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, *, scripted: bool = False, **values: Any) -> str:
    """Return a page: a template filled with values, which are escaped unless they are markup already.

    Parameters
    ----------
    template
        File name in ``templates``.
    scripted
        Whether the page carries the site's script.
    """
    css, javascript = style(), script() if scripted else ""
    dress = {"css": Markup(css), "script": Markup(javascript), "policy": Markup(policy(css, javascript))}  # noqa: S704 - our own files
    return _environment().get_template(template).render(**dress, **values)
