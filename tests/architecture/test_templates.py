"""Every template is used, and every address in a template exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
# Found by name by Django or allauth.
BY_NAME = re.compile(
    r"^(400|403|403_csrf|404|409|412|429|500)\.html$|^(account|mfa|usersessions|allauth)/"
)


def names():
    return [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]


def test_every_template_compiles():
    for name in names():
        get_template(name)


def test_every_template_is_used():
    sources = [
        path.read_text()
        for folder in ("agencies", "api", "casework", "config", "core", "directory", "oversight",
                       "people", "referrals", "reporting", "sharing", "tasking", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"}
    ]  # fmt: skip
    whole = "\n".join(sources)
    unused = [name for name in names() if not BY_NAME.match(name) and f'"{name}"' not in whole]
    assert not unused


def test_no_template_has_an_inline_style_or_script():
    for name in names():
        text = (TEMPLATES / name).read_text()
        assert " style=" not in text, name
        assert not re.search(r"\son[a-z]+=", text), name
