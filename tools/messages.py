"""Translations without GNU gettext at run time: compile, merge and check the .po files.

    python tools/messages.py compile   # .po -> .mo, where the .po is newer
    python tools/messages.py merge     # fill empty ones from locale/parts/*.po
    python tools/messages.py check     # every text translated, nothing fuzzy or lost

`check` also extracts the texts of the code anew when xgettext is there, so that a
text that was never extracted is found too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"


def catalogues() -> list[Path]:
    """The .po files in use; the parts that wait to be merged are not among them."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def load(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parent.parent.name)


def compile_all() -> list[str]:
    for path in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        # Another program may be reading the old one: replace it in one step.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            write_mo(stream, load(path))
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(target)
    return []


def merge_parts() -> list[str]:
    """Take over translations from the parts; the same text must not have two."""
    faults: list[str] = []
    known: dict[object, tuple[Any, str]] = {}
    for part in sorted((LOCALE / "parts").glob("*.po")):
        for message in messages(load(part)):
            if not translated(message):
                continue
            key = (message.context, message.id)  # je and u say the same otherwise
            if key not in known:
                known[key] = (message.string, part.name)
            elif known[key][0] != message.string:
                faults.append(
                    f"{message.id!r}: {known[key]} and {(message.string, part.name)}"
                )
    for path in catalogues():
        catalogue = load(path)
        for message in messages(catalogue):
            key = (message.context, message.id)
            if translated(message) and not message.fuzzy:
                continue
            # What gettext guessed from another text is worth nothing.
            nothing = ("",) * catalogue.num_plurals if message.pluralizable else ""
            message.string = known.get(key, (nothing,))[0]
            message.flags.discard("fuzzy")
        with path.open("wb") as stream:
            write_po(stream, catalogue, width=88, sort_output=True)
    return faults


def check() -> list[str]:
    paths = catalogues()
    if not paths:
        return ["there is no locale/*/LC_MESSAGES/*.po"]
    faults: list[str] = []
    for path in paths:
        catalogue = load(path)
        name = path.relative_to(ROOT)
        faults += [
            f"{name}: {'fuzzy' if message.fuzzy else 'no translation'}: {message.id!r}"
            for message in messages(catalogue)
            if message.fuzzy or not translated(message)
        ]
        faults += [
            f"{name}: {error}: {message.id!r}"
            for message, errors in catalogue.check()
            for error in errors
        ]
        faults += lost(path, catalogue)
    return faults


def lost(path: Path, catalogue: Catalog) -> list[str]:
    """Texts of the code that the catalogue does not know (needs xgettext)."""
    if shutil.which("xgettext") is None:
        print("note: xgettext (apt-get install gettext) is missing; not extracted anew")
        return []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--", "*.py", "*.html", "*.txt"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).exists() and not name.startswith("tests/"):
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True)
        command = [sys.executable, "manage.py", "makemessages", "-v0", "-l", "nl"]
        subprocess.run(
            [*command, "--no-obsolete", "--settings=config.settings.test"],
            cwd=copy, check=True, env={**os.environ, "PYTHONPATH": str(copy)},
        )  # fmt: skip
        found = {message.id for message in messages(load(target))}
    unknown = found - {message.id for message in messages(catalogue)}
    return [f"{path.relative_to(ROOT)}: not extracted: {text!r}" for text in unknown]


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(texts)


def main(arguments: list[str]) -> int:
    actions = {"compile": compile_all, "merge": merge_parts, "check": check}
    if len(arguments) != 1 or arguments[0] not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    faults = actions[arguments[0]]()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
