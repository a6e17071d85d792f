"""The check of the built documentation site: nothing is fetched from elsewhere, and no list is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.docs_site.check import find_faults, main


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://cdn.example.org/a.js"></script>',
        '<img src="//cdn.example.org/a.png">',
        '<link rel="stylesheet" href="https://fonts.example.org/css">',
        '<link rel="preconnect" href="https://fonts.example.org">',
        "<p>These:\n- one\n- two</p>",
        '<pre class="mermaid">a</pre>',
    ],
)
def test_fault_of_a_page_is_found(element: str, tmp_path: Path) -> None:
    assert len(list(find_faults(write(tmp_path, "a.html", element)))) == 1


@pytest.mark.parametrize(
    "element",
    [
        '<a href="https://example.org">a link that people follow</a>',
        '<img src="../pictures/a.svg"><link rel="stylesheet" href="a.css"><script src="a.js"></script>',
        '<link rel="canonical" href="https://docs.example.org/a.html">',
        "<p>minus - plus</p>",
    ],
)
def test_page_of_its_own_files_has_none(element: str, tmp_path: Path) -> None:
    assert list(find_faults(write(tmp_path, "a.html", element))) == []


def test_fault_of_a_style_is_found(tmp_path: Path) -> None:
    write(tmp_path, "a.css", '@import "https://fonts.example.org/css"; a {background: url(own.png)}')
    assert list(find_faults(tmp_path)) == ["a.css fetches https://fonts.example.org/css"]


def test_site_without_a_page_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert main([str(write(tmp_path, "a.html", "<p>a</p>"))]) == 0
    assert "1 pages" in capsys.readouterr().out
