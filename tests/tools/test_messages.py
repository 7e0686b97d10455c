"""The translation tool finds what is missing, and merges without guessing."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import read_mo

ROOT = Path(__file__).resolve().parents[2]
HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: nl\\n"
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, on a tree of its own without code."""
    spec = importlib.util.spec_from_file_location(
        "messages", ROOT / "tools/messages.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(module, "lost", lambda *_: [])
    (tmp_path / "locale/nl/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "locale/parts").mkdir()
    return module


def catalogue(tool: ModuleType, text: str) -> Path:
    path = tool.LOCALE / "nl/LC_MESSAGES/django.po"
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def part(tool: ModuleType, name: str, text: str) -> None:
    (tool.LOCALE / "parts" / name).write_text(text, encoding="utf-8")


def test_complete_catalogue_has_no_fault(tool: ModuleType) -> None:
    catalogue(tool, '\nmsgid "Week"\nmsgstr "Week"\n')
    assert tool.check() == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('\nmsgid "Room"\nmsgstr ""\n', "no translation: 'Room'"),
        ('\n#, fuzzy\nmsgid "Room"\nmsgstr "Ruimte"\n', "fuzzy: 'Room'"),
        (
            '\n#, python-format\nmsgid "%(n)s rooms"\nmsgstr "%(m)s ruimtes"\n',
            "'%(n)s rooms'",
        ),
        (
            '\nmsgid "room"\nmsgid_plural "rooms"\nmsgstr[0] "ruimte"\nmsgstr[1] ""\n',
            "no translation: ('room', 'rooms')",
        ),
    ],
)
def test_faulty_text_is_named(tool: ModuleType, text: str, fault: str) -> None:
    catalogue(tool, text)
    faults = tool.check()
    assert len(faults) >= 1
    assert all(one.endswith(fault) for one in faults)


def test_nothing_to_check_is_a_fault(tool: ModuleType) -> None:
    assert tool.check() == ["there is no locale/*/LC_MESSAGES/*.po"]


def test_merge_fills_what_is_empty_and_keeps_what_is_there(tool: ModuleType) -> None:
    path = catalogue(
        tool, '\nmsgid "Room"\nmsgstr ""\n\nmsgid "Week"\nmsgstr "De week"\n'
    )
    part(tool, "a.po", 'msgid "Room"\nmsgstr "Ruimte"\n\nmsgid "Week"\nmsgstr "Week"\n')
    assert tool.merge_parts() == []
    assert {m.id: m.string for m in tool.messages(tool.load(path))} == {
        "Room": "Ruimte",
        "Week": "De week",
    }


def test_two_translations_of_one_text_are_named(tool: ModuleType) -> None:
    catalogue(tool, '\nmsgid "Room"\nmsgstr ""\n')
    part(tool, "a.po", 'msgid "Room"\nmsgstr "Ruimte"\n')
    part(tool, "b.po", 'msgid "Room"\nmsgstr "Kamer"\n')
    assert tool.merge_parts() == ["'Room': ('Ruimte', 'a.po') and ('Kamer', 'b.po')"]


def test_the_same_words_in_two_contexts_have_translations_of_their_own(
    tool: ModuleType,
) -> None:
    empty = 'msgctxt "{0}"\nmsgid "Your room"\nmsgstr "{1}"\n'
    path = catalogue(tool, "\n" + empty.format("u", "") + "\n" + empty.format("je", ""))
    part(
        tool,
        "a.po",
        empty.format("u", "Uw zaal") + "\n" + empty.format("je", "Je zaal"),
    )
    assert tool.merge_parts() == []
    found = {m.context: m.string for m in tool.messages(tool.load(path))}
    assert found == {"u": "Uw zaal", "je": "Je zaal"}


def test_compiled_file_holds_the_translation(tool: ModuleType) -> None:
    path = catalogue(tool, '\nmsgid "Room"\nmsgstr "Ruimte"\n')
    assert tool.compile_all() == []
    with path.with_suffix(".mo").open("rb") as stream:
        assert read_mo(stream)["Room"].string == "Ruimte"
    assert [one.name for one in path.parent.iterdir() if one.suffix != ".po"] == [
        "django.mo"
    ]


def test_merge_drops_what_was_guessed(tool: ModuleType) -> None:
    path = catalogue(tool, '\n#, fuzzy\nmsgid "Room"\nmsgstr "Kamertje"\n')
    assert tool.merge_parts() == []
    assert tool.check() != []
    (message,) = tool.messages(tool.load(path))
    assert (message.string, message.fuzzy) == ("", False)
