"""Paths of the pages, as links name them: absolute, without the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from gpserverless.http.credentials import TOKEN
from gpserverless.http.form import Fields
from gpserverless.http.request import Request
from gpserverless.pages.language import FIELD
from gpserverless.pages.texts import Text

_LONGEST_QUERY = 1_500
"""Characters of a query that a link on a page repeats; a longer one would be most of the page."""

_DROPPED = ("f", TOKEN, FIELD)


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the root of the catalogue to a page.

    Attributes:
        text: Its text.
        path: Path of its page.
    """

    text: str
    path: str


@dataclass(frozen=True)
class Links:
    """Paths of pages.

    Attributes:
        root: Public URL of the site.
    """

    root: str

    @property
    def site(self) -> str:
        """Path of the site."""
        return urlsplit(self.root).path

    @property
    def home(self) -> str:
        """Path of the catalogue."""
        return f"{self.site}/rest/services"

    @property
    def sign_in(self) -> str:
        """Path of the page where one signs in; its field `next` is the path to go on to."""
        return f"{self.site}/rest/login"

    @property
    def sign_out(self) -> str:
        """Path to which the form is sent that ends a sign-in."""
        return f"{self.site}/rest/logout"

    def folder(self, name: str) -> str:
        """Return the path of a folder.

        Args:
            name: Its name, "" for the root.
        """
        return f"{self.home}/{quote(name)}" if name else self.home

    def service(self, name: str) -> str:
        """Return the path of a service.

        Args:
            name: Its qualified name.
        """
        return f"{self.home}/{quote(name)}/GPServer"

    def soap(self, service: str) -> str:
        """Return the path where a service speaks SOAP; with the query "wsdl" it is described.

        Args:
            service: Its qualified name, "" for the catalogue.
        """
        home = f"{self.site}/services"
        return f"{home}/{quote(service)}/GPServer" if service else home

    def toolbox(self, service: str) -> str:
        """Return the address by which ArcPy imports a service as a toolbox.

        Args:
            service: Its qualified name.
        """
        return f"{self.root}/services;{service}"

    def task(self, service: str, task: str) -> str:
        """Return the path of a task.

        Args:
            service: Qualified name of the service.
            task: Name of the task.
        """
        return f"{self.service(service)}/{quote(task, safe='')}"

    def job(self, names: Mapping[str, str]) -> str:
        """Return the path of a job.

        Args:
            names: The names of a route: service, task, job.
        """
        return f"{self.task(names['service'], names['task'])}/jobs/{quote(names['job'], safe='')}"

    def value(self, names: Mapping[str, str], side: str, parameter: str) -> str:
        """Return the path of a result or an input of a job.

        Args:
            names: The names of a route: service, task, job.
            side: "output" for a result, "input".
            parameter: Name of the parameter.
        """
        kind = "results" if side == "output" else "inputs"
        return f"{self.job(names)}/{kind}/{quote(parameter, safe='')}"

    def own(self, request: Request) -> str:
        """Return the path of a request with its query, without format, token and language.

        Args:
            request: The request.
        """
        path = quote("/".join((self.site, *request.segments)))
        kept = request.query
        for name in _DROPPED:
            kept = Fields(kept.text_without(name))
        return f"{path}?{kept.text}" if 0 < len(kept.text) <= _LONGEST_QUERY else path

    def url(self, path: str) -> str:
        """Return the URL of a path of the site.

        Args:
            path: The path.
        """
        return self.root + path.removeprefix(self.site)

    def item(self, service: str, item: str) -> str:
        """Return the path of an uploaded item.

        Args:
            service: Qualified name of the service.
            item: Its id.
        """
        return f"{self.service(service)}/uploads/{quote(item, safe='')}"

    def crumbs(self, names: Mapping[str, str]) -> list[Crumb]:
        """Return the way to the resource with these names.

        Args:
            names: The names of a route.
        """
        crumbs = [Crumb(Text("Services"), self.home)]
        folder, _, service = names.get("service", names.get("folder", "") + "/").rpartition("/")
        if folder:
            crumbs.append(Crumb(folder, self.folder(folder)))
        if service:
            crumbs.append(Crumb(service, self.service(names["service"])))
        if "task" in names:
            crumbs.append(Crumb(names["task"], self.task(names["service"], names["task"])))
        if "job" in names:
            crumbs.append(Crumb(Text("Job"), self.job(names)))
        if "item" in names:
            crumbs.append(Crumb(Text("Uploads"), f"{self.service(names['service'])}/uploads"))
        return crumbs
