"""Pages from templates. Every value is escaped, and nothing runs on a page but the scripts of the site."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gpserverless.http.response import Response
from gpserverless.pages.language import DEFAULT
from gpserverless.pages.static_files import static_path
from gpserverless.pages.texts import translate

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context
    from markupsafe import Markup

HTML = "text/html; charset=utf-8"

_FOLDER = Path(__file__).with_name("templates")


class Pages:
    """The pages of a protocol: its templates, and those of this room that they extend.

    Args:
        folder: Folder of the protocol's templates.
        texts: Folder of their texts in other languages than English; None for none.
    """

    def __init__(self, folder: Path, texts: Path | None = None) -> None:
        self._folder = folder
        self._texts = texts

    def load(self) -> None:
        """Load the library of templates and every template now, before a snapshot is taken."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def render(
        self,
        template: str,
        root: str,
        *,
        status: int = 200,
        targets: Iterable[str] = (),
        scripts: Iterable[str] = (),
        connections: Iterable[str] = (),
        language: str = DEFAULT,
        **values: Any,
    ) -> Response:
        """Return a page.

        Args:
            template: File name of the template.
            root: Public URL of the site.
            status: HTTP status.
            targets: Origins beside the site to which the answer of a form may lead: browsers hold redirects
                after a form to `form-action` too.
            scripts: Names of its scripts; a page without any may run none.
            connections: Origins beside the site from which its scripts may read and its pictures may be,
                such as those of links to results.
            language: Code of the language.
            **values: Values in the template beside `site`, the path of the site, `host`, `language`, `style`,
                `scripts`, and `static` that returns the path of a static file.

        Raises:
            SettingsError: The static files are not built.
        """
        place = urlsplit(root)
        text = self._environment.get_template(template).render(
            site=place.path,
            host=place.netloc,
            style=place.path + static_path("style.css"),
            static=lambda name: place.path + static_path(name),
            language=language,
            scripts=[*scripts],
            **values,
        )
        return Response(text.encode(), HTML, status, _headers(targets, [*scripts], [*connections]))

    @property
    def _environment(self) -> Environment:
        return _make_environment(self._folder, self._texts)


@cache
def _make_environment(folder: Path, texts: Path | None) -> Environment:
    """Return the templates of a protocol; each is compiled once in a process."""
    # Most requests are for no page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

    environment = Environment(
        loader=FileSystemLoader([folder, _FOLDER]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["embed"] = _embed
    environment.globals["_"] = pass_context(partial(_translate, texts))
    return environment


def _embed(text: str) -> Markup:
    """Return JSON as the content of a data block, which no text in it can end."""
    from markupsafe import Markup

    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  # nosec B704


def _translate(folder: Path | None, context: Context, text: str, **values: Any) -> str:
    """Return a text in the language of the page; macros that need it are imported `with context`."""
    return translate(folder, context["language"], text, values)


def _headers(targets: Iterable[str], scripts: list[str], connections: list[str]) -> dict[str, str]:
    rules = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": " ".join(("'self'", "data:", "blob:", *connections)),
        "form-action": " ".join(("'self'", *targets)),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    if scripts:
        rules |= {
            "script-src": "'self'",
            "connect-src": " ".join(("'self'", *connections)),
            "worker-src": "'self'",
        }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in rules.items()),
        "referrer-policy": "same-origin",  # with none at all, browsers hide the origin of a form from us too
    }
