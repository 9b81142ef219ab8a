"""The documentation names every command, setting and query; what it names exists."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import typer

from zhitu.cli import app
from zhitu.settings import Settings

ROOT = Path(__file__).parents[1]
COMMANDS = sorted(typer.main.get_command(app).commands)


def documentation() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert f"zhitu {command}" in documentation()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_chinese_example_in_its_help(command):
    text = typer.main.get_command(app).commands[command].help
    assert "Example: zhitu" in text
    assert any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda f: f.name)
def test_every_setting_is_documented_with_its_default(setting):
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    row = f"| `{setting.name}` | `ZHITU_{setting.name.upper()}` | `{setting.default}` |"
    assert row in page


def test_the_chinese_readme_shows_the_same_commands_as_the_english_one():
    def shown(name):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return [line.split()[1] for line in lines if line.startswith("zhitu ")]

    assert shown("README.md") == shown("README.zh.md")
