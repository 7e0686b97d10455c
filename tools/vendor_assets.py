"""Copy the front-end files this project ships from npm packages into static/vendor.

The site loads nothing from elsewhere (strict content security policy, offline use),
and a production machine has no Node. So the few files that are needed are copied
here once, committed, and listed in static/vendor/manifest.json with the package,
version, licence and SHA-256 of each; tests/web/test_vendored_assets.py re-checks it.

Run after changing tools/vendor/package.json:

    python tools/vendor_assets.py            # npm ci, then copy
    python tools/vendor_assets.py --no-npm   # copy from an existing node_modules
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE_DIR = ROOT / "tools" / "vendor"
NODE_MODULES = PACKAGE_DIR / "node_modules"
TARGET = ROOT / "static" / "vendor"

THEME = "@nl-design-system-community/ma-design-tokens"
FONT = "@fontsource-variable/noto-sans"
# For PDF files, which are made of whole fonts: with Turkish, Polish and Arabic names.
PAPER_FONT = "dejavu-fonts-ttf"
# SPDX names where a package only points at its file.
LICENCES = {PAPER_FONT: "Bitstream-Vera"}
ICONS = (PACKAGE_DIR / "icons.txt").read_text("utf-8").split()


def utrecht_components() -> list[str]:
    """Names of the component packages that tools/vendor/package.json asks for.

    Only those our templates use: 26 small packages instead of the 407 KB component
    library. Their order does not matter; each file styles its own class.
    """
    wanted = json.loads((PACKAGE_DIR / "package.json").read_text("utf-8"))
    return [
        name.removeprefix("@utrecht/").removesuffix("-css")
        for name in sorted(wanted["dependencies"])
        if name.startswith("@utrecht/")
    ]


@dataclass(frozen=True)
class Asset:
    """One file to ship: where it goes, which packages it comes from, and how."""

    target: str
    packages: tuple[str, ...]
    sources: tuple[str, ...]
    how: str
    make: Callable[[], bytes]


def clean_css(text: str) -> str:
    """Drop source map comments: collectstatic fails on a map that is not there."""
    return re.sub(r"/\*# sourceMappingURL=.*?\*/\n?", "", text)


def package_facts(package: str) -> dict[str, str]:
    """Name, version and licence as the installed package states them."""
    facts = json.loads((NODE_MODULES / package / "package.json").read_text("utf-8"))
    licence = LICENCES.get(package, facts["license"])
    return {"name": package, "version": facts["version"], "licence": licence}


def joined_utrecht() -> bytes:
    """The component files in one: one request on a phone instead of twenty-five."""
    parts = ["/* Joined by tools/vendor_assets.py; see manifest.json. EUPL-1.2. */\n"]
    for name in utrecht_components():
        facts = package_facts(f"@utrecht/{name}-css")
        text = (NODE_MODULES / utrecht_source(name)).read_text("utf-8")
        parts.append(f"/* {facts['name']} {facts['version']} {facts['licence']} */\n")
        parts.append(clean_css(text).strip() + "\n")
    return "".join(parts).encode()


def utrecht_source(name: str) -> str:
    return f"@utrecht/{name}-css/dist/index.min.css"


def needed_tokens() -> bytes:
    """The theme's tokens that our component files use, followed to their ends.

    The whole theme is 200 KB of custom properties for every component that exists;
    ours need about a sixth of it. The basis tokens that static/css/gem-theme.css
    overrides are kept in, so that a region can mount another theme in its place.
    """
    theme = (NODE_MODULES / THEME / "dist" / "theme.css").read_text("utf-8")
    tokens = dict(re.findall(r"^\s*(--[\w-]+):\s*(.+?);", theme, flags=re.M))
    wanted = set(re.findall(r"var\(\s*(--[\w-]+)", joined_utrecht().decode()))
    todo = [name for name in wanted if name in tokens]
    kept: set[str] = set()
    while todo:
        name = todo.pop()
        if name in kept or name not in tokens:
            continue
        kept.add(name)
        todo += re.findall(r"var\(\s*(--[\w-]+)", tokens[name])
    lines = [f"  {name}: {tokens[name]};" for name in sorted(kept)]
    head = "/* Subset made by tools/vendor_assets.py; see manifest.json. EUPL-1.2. */\n"
    return (head + ".ma-theme {\n" + "\n".join(lines) + "\n}\n").encode()


def icon_shapes() -> bytes:
    """Icon name to the shapes inside its 24 by 24 drawing, as one JSON object."""
    shapes = {}
    for name in sorted(ICONS):
        svg = (NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, flags=re.S)
        if inner is None:
            raise ValueError(f"icon {name!r}: no <svg> element found")
        shapes[name] = re.sub(r"\s*\n\s*", "", inner.group(1)).strip()
    return (json.dumps(shapes, indent=1, sort_keys=True) + "\n").encode()


def copied(source: str) -> Callable[[], bytes]:
    """How to make an unchanged copy of a file."""
    return (NODE_MODULES / source).read_bytes


def assets() -> list[Asset]:
    """Every file that is shipped, licences included."""
    utrecht = tuple(f"@utrecht/{name}-css" for name in utrecht_components())
    sources = tuple(utrecht_source(name) for name in utrecht_components())
    found = [
        Asset("utrecht/components.css", utrecht, sources, "joined", joined_utrecht),
        Asset(
            "ma-theme/tokens.css",
            (THEME,),
            (f"{THEME}/dist/theme.css",),
            "subset",
            needed_tokens,
        ),
        Asset(
            "lucide/icons.json",
            ("lucide-static",),
            tuple(f"lucide-static/icons/{name}.svg" for name in sorted(ICONS)),
            "joined",
            icon_shapes,
        ),
    ]
    for target, package, path in (
        ("utrecht/LICENSE.md", "@utrecht/root-css", "LICENSE.md"),
        ("ma-theme/LICENSE.md", THEME, "LICENSE.md"),
        ("lucide/LICENSE", "lucide-static", "LICENSE"),
        ("noto-sans/LICENSE", FONT, "LICENSE"),
        ("dejavu/LICENSE", PAPER_FONT, "LICENSE"),
        ("dejavu/regular.ttf", PAPER_FONT, "ttf/DejaVuSansCondensed.ttf"),
        ("dejavu/bold.ttf", PAPER_FONT, "ttf/DejaVuSansCondensed-Bold.ttf"),
        (
            "noto-sans/noto-sans-latin-wght-normal.woff2",
            FONT,
            "files/noto-sans-latin-wght-normal.woff2",
        ),
    ):
        source = f"{package}/{path}"
        found.append(Asset(target, (package,), (source,), "copied", copied(source)))
    return found


def write_all() -> None:
    """Replace static/vendor by freshly made files and their manifest."""
    made = [(asset, asset.make()) for asset in assets()]
    shutil.rmtree(TARGET, ignore_errors=True)
    entries = []
    for asset, content in made:
        path = TARGET / asset.target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        entries.append(
            {
                "file": asset.target,
                "sha256": hashlib.sha256(content).hexdigest(),
                "how": asset.how,
                "packages": [package_facts(package) for package in asset.packages],
                "sources": list(asset.sources),
            }
        )
    manifest = json.dumps({"files": entries}, indent=1) + "\n"
    (TARGET / "manifest.json").write_text(manifest, "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Install the locked packages and copy; 2 when a file or npm is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-npm", action="store_true", help="skip npm ci")
    options = parser.parse_args(arguments)
    try:
        if not options.no_npm:
            subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=PACKAGE_DIR,
                check=True,
            )
        write_all()
    except (OSError, ValueError, subprocess.CalledProcessError) as problem:
        print(f"vendor_assets: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
