"""What is shipped from others is unchanged, licensed, complete and light."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
VENDOR = ROOT / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text("utf-8"))["files"]
LICENCES = {"Bitstream-Vera", "EUPL-1.2", "OFL-1.1", "ISC", "MIT", "0BSD"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_file_is_as_it_was_vendored(entry: dict) -> None:
    content = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert b"sourceMappingURL" not in content
    for package in entry["packages"]:
        assert package["licence"] in LICENCES
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])


def test_nothing_else_lies_in_the_folder() -> None:
    found = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
    assert found == {entry["file"] for entry in MANIFEST} | {"manifest.json"}


def test_versions_are_the_locked_ones() -> None:
    lock = json.loads((ROOT / "tools" / "vendor" / "package-lock.json").read_text())
    locked = {
        name.removeprefix("node_modules/"): facts["version"]
        for name, facts in lock["packages"].items()
        if name
    }
    for entry in MANIFEST:
        for package in entry["packages"]:
            assert locked[package["name"]] == package["version"]


def test_lock_names_no_registry() -> None:
    text = (ROOT / "tools" / "vendor" / "package-lock.json").read_text()
    assert '"resolved"' not in text


def test_each_folder_brings_its_licence() -> None:
    for folder in (p for p in VENDOR.iterdir() if p.is_dir()):
        assert list(folder.glob("LICENSE*")), folder.name


def test_styles_stay_light_for_a_phone() -> None:
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    names = re.findall(r'static "((?:css|vendor)/[\w/.-]+\.css)"', base)
    assert len(names) >= 9
    content = [(ROOT / "static" / name).read_bytes() for name in names]
    assert sum(len(gzip.compress(part)) for part in content) < 60_000


def test_every_icon_a_template_names_is_vendored() -> None:
    shapes = json.loads((VENDOR / "lucide" / "icons.json").read_text("utf-8"))
    named: set[str] = set()
    for template in ROOT.glob("**/templates/**/*.html"):
        if ".venv" not in template.parts:
            text = template.read_text("utf-8")
            named |= set(re.findall(r'{% icon "([\w-]+)"', text))
            named |= set(re.findall(r'icon_name="([\w-]+)"', text))
    assert named
    assert named <= set(shapes)


def test_styles_name_only_colours_that_the_theme_sets() -> None:
    folder = ROOT / "static" / "css"
    theme = (folder / "gem-theme.css").read_text("utf-8")
    known = set(re.findall(r"(--gem-[\w-]+):", theme))
    for style in folder.glob("*.css"):
        used = set(re.findall(r"var\((--gem-[\w-]+)", style.read_text("utf-8")))
        assert used <= known, style.name


def test_htmx_comes_with_django_htmx() -> None:
    found = finders.find("django_htmx/htmx-4.min.js")
    assert found
    assert "sourceMappingURL" not in Path(str(found)).read_text("utf-8")


def test_everything_can_be_collected_and_hashed(tmp_path, settings) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        },
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = json.loads((tmp_path / "staticfiles.json").read_text("utf-8"))["paths"]
    theme = (tmp_path / hashed["css/gem-theme.css"]).read_text("utf-8")
    font = hashed["vendor/noto-sans/noto-sans-latin-wght-normal.woff2"]
    assert font.rsplit("/", 1)[1] in theme
