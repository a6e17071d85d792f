"""The pages of the sign-in speak the language of their reader; programs read English in them."""

from __future__ import annotations

import ast
from pathlib import Path

import orjson
import pytest

import gpserverless.access.oauth
from gpserverless.errors import InvalidRedirect, InvalidSignIn
from gpserverless.pages.language import DEFAULT, LANGUAGES
from gpserverless.protocols.sharing.sign_in_pages import TEXTS
from tests.pages.page_texts import (
    find_changed_places,
    find_untranslated_words,
    module_texts,
    template_texts,
    templates,
)
from tests.protocols.sharing.conftest import APP, BACK, PASSWORD, WRONG, Portal

SHARING = TEXTS.parent
OTHERS = sorted(LANGUAGES.keys() - {DEFAULT})
NAMES = {"GPServerless", "SUCCESS", "code"}
OAUTH = Path(gpserverless.access.oauth.__file__).parent
OF_THE_SIGN_IN_PAGE = ("states.py", "applications.py")
PYTHON = {"client_id": "pythonapi", "response_type": "code", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
AUTHORIZE = "/sharing/rest/oauth2/authorize"


def oauth_sentences() -> set[str]:
    """Return what an application can do wrong before its user has signed in."""
    parsed = [ast.parse((OAUTH / name).read_text("utf-8")) for name in OF_THE_SIGN_IN_PAGE]
    calls = (node for tree in parsed for node in ast.walk(tree) if isinstance(node, ast.Call))
    made = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "OAuthError")
    return {str(ast.literal_eval(call.args[1])) for call in made}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    translations = orjson.loads((TEXTS / f"{language}.json").read_bytes())
    errors = {str(InvalidSignIn()), str(InvalidRedirect())} | oauth_sentences()
    texts = {*template_texts(SHARING), *module_texts(SHARING)} | errors
    assert len(errors) > 6
    assert sorted(texts ^ translations.keys()) == []
    assert all(translations.values())
    assert find_changed_places(translations) == []


@pytest.mark.parametrize("path", templates(SHARING), ids=lambda path: path.name)
def test_template_has_no_text_that_nobody_translates(path: Path) -> None:
    assert find_untranslated_words(path, NAMES) == []


def test_form_and_its_mistake_are_in_the_language_of_the_browser(portal: Portal) -> None:
    shown = portal.send("GET", "/rest/login", accept_language="de-AT,de;q=0.9,en;q=0.5")
    assert '<html lang="de">' in shown.text
    assert "<h1>Anmelden</h1>" in shown.text
    form = {"username": "ana", "password": "wrong", "next": ""}
    again = portal.send("POST", "/rest/login", form=form, accept_language="de")
    assert "Benutzername oder Passwort sind falsch." in again.text
    assert WRONG not in again.text
    assert WRONG in portal.send("POST", "/rest/login", form=form).text


def test_language_that_is_chosen_is_kept(portal: Portal) -> None:
    chosen = portal.send("GET", "/rest/login", {"lang": "de"}, accept_language="en")
    assert '<html lang="de">' in chosen.text
    kept = chosen.headers["set-cookie"].partition(";")[0]
    assert '<html lang="de">' in portal.send("GET", "/rest/login", cookie=kept, accept_language="en").text


def test_messages_are_in_the_language_of_the_browser(portal: Portal) -> None:
    refused = portal.send(
        "GET", AUTHORIZE, {"client_id": APP, "redirect_uri": f"{BACK}/other"}, accept_language="de"
    )
    assert (refused.status, "Diese Anwendung kann Sie nicht anmelden" in refused.text) == (400, True)
    assert "Sie sind abgemeldet" in portal.send("GET", "/rest/logout", accept_language="de").text


def test_programs_read_english_in_a_german_page(portal: Portal) -> None:
    """The ArcGIS API for Python reads the data of the form and the title of the page with the code."""
    asked = portal.send("GET", AUTHORIZE, PYTHON, accept_language="de")
    assert "um zu der ArcGIS API for Python zu gelangen." in asked.text
    form = {"oauth_state": asked.data["oauth_state"], "username": "ana", "password": "wrong"}
    wrong = portal.send("POST", "/sharing/oauth2/signin", form=form, accept_language="de")
    assert wrong.data["messages"] == [WRONG]
    assert "Benutzername oder Passwort sind falsch." in wrong.text
    right = {**form, "password": PASSWORD}
    done = portal.send("POST", "/sharing/oauth2/signin", form=right, accept_language="de")
    assert "<title>SUCCESS code=" in done.text
    assert "Kopieren Sie diesen Code" in done.text
