"""What must hold for the HTML of every page, as one function that names the faults."""

from __future__ import annotations

from html.parser import HTMLParser

DATA_BLOCKS = {"application/json", "application/ld+json"}
"""Types that a browser never runs, so that the policy has no say in them."""


class Reader(HTMLParser):
    """Collects what the rules below need, in one pass."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.described: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.lang = ""
        self.mains = 0
        self._inside_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._rules_of_the_policy(tag, known)
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if tag == "html":
            self.lang = known.get("lang") or ""
        if tag == "main":
            self.mains += 1
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
        if tag == "label":
            self._inside_label += 1
            self.labelled.add(known.get("for") or "")
        if (
            tag in {"input", "select", "textarea"}
            and known.get("type") not in {"hidden", "submit", "button"}
            and not self._inside_label
        ):
            self.controls.append(known)
        for name in ("aria-describedby", "aria-labelledby"):
            self.described.update((known.get(name) or "").split())
        if tag == "img" and known.get("alt") is None:
            self.faults.append("an <img> without alt")
        if tag == "a" and not known.get("href"):
            self.faults.append("a link without an address")

    def _rules_of_the_policy(self, tag: str, known: dict[str, str | None]) -> None:
        if tag == "style" or "style" in known:
            self.faults.append(f"inline style in <{tag}>")
        inline = tag == "script" and "src" not in known
        if inline and known.get("type") not in DATA_BLOCKS:
            self.faults.append("inline script")
        self.faults += [f"inline handler {n}" for n in known if n.startswith("on")]
        for name in ("src", "href", "action"):
            address = known.get(name) or ""
            if address.startswith(("http:", "https:", "//")) and tag != "a":
                self.faults.append(f"<{tag}> loads from elsewhere: {address}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._inside_label -= 1


def faults(html: str, language: str = "nl") -> list[str]:
    """Everything wrong with a whole page; an empty list when it is sound."""
    reader = Reader()
    reader.feed(html)
    found = list(reader.faults)
    if reader.lang != language:
        found.append(f"html lang is {reader.lang!r}, not {language!r}")
    if reader.headings.count(1) != 1:
        found.append(f"{reader.headings.count(1)} <h1> instead of one")
    for before, after in zip(reader.headings, reader.headings[1:], strict=False):
        if after > before + 1:
            found.append(f"heading level jumps from {before} to {after}")
    if reader.mains != 1:
        found.append(f"{reader.mains} <main> instead of one")
    found += [f"id {i!r} twice" for i in {i for i in reader.ids if _twice(i, reader)}]
    for control in reader.controls:
        named = control.get("id") in reader.labelled or control.get("aria-label")
        if not named:
            found.append(f"no label for {control.get('name') or control}")
    missing = reader.described - set(reader.ids)
    found += [f"nothing has the id {name!r} that is referred to" for name in missing]
    return found


def _twice(name: str, reader: Reader) -> bool:
    return reader.ids.count(name) > 1
