"""The house keeps its shape: what import-linter cannot see is checked here."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "audit",
    "people",
    "rooms",
    "messaging",
    "courses",
    "intake",
    "scheduling",
    "publishing",
    "config",
)
MAX_LINES = 400
# What an app shows to the others: its services, its questions, its plain words (a week
# is one); and the solver, which is a library of its own.
PLAIN = {"kinds", "enums", "words", "messages", "weeks"}
DOORS = {"services", "selectors", "solver"} | PLAIN
# The lowest app is used by everything that reads personal data; these are its door.
AUDIT_DOOR = {"record", "actor", "rows", "admin_base"}


def tracked(*endings: str) -> list[Path]:
    """Files of the repository (also new ones), without what is made or vendored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [ROOT / name for name in listed.split("\0") if name.endswith(endings)]
    made = {"migrations", "vendor", "node_modules"}
    return [p for p in paths if p.is_file() and not made & set(p.parts)]


def own_code() -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file of the apps (tests left out), parsed."""
    for path in tracked(".py"):
        if path.relative_to(ROOT).parts[0] in APPS:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of imports at any depth, relative ones resolved.

    What is imported for type checking alone ties nothing together and is left out.
    """
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in set(ast.walk(tree)) - typing_only:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                stem = package.split(".")[: -(node.level - 1) or None]
                base = ".".join([*stem, base] if base else stem)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )


def test_solver_is_a_library_without_django() -> None:
    done = python(
        "import importlib, pkgutil, sys\n"
        "import scheduling.solver as solver\n"
        "for found in pkgutil.walk_packages(solver.__path__, 'scheduling.solver.'):\n"
        "    importlib.import_module(found.name)\n"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in"
        f" {set(APPS) - {'scheduling'} | {'django', 'schedule', 'psycopg'}!r}))\n"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_door_of_the_solver_does_not_load_the_engine() -> None:
    done = python("import sys, scheduling.solver; print('ortools' in sys.modules)")
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


def test_hand_written_files_stay_under_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py", ".html", ".css", ".js")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) >= MAX_LINES
    }
    assert long == {}


def is_kind(node: ast.expr) -> bool:
    """`OfferingKind.X`, alone or inside a tuple, list or set."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(is_kind(one) for one in node.elts)
    if not isinstance(node, ast.Attribute):
        return False
    inner = node.value
    name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")
    return name == "OfferingKind" or is_kind(inner)


def kind_comparisons(tree: ast.Module) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            if any(is_kind(side) for side in [node.left, *node.comparators]):
                lines.append(node.lineno)
        elif isinstance(node, ast.MatchValue) and is_kind(node.value):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    "code",
    [
        "if kind == OfferingKind.DROP_IN: pass",
        "if x.kind in (OfferingKind.DROP_IN, OfferingKind.ONE_TO_ONE): pass",
        "if kinds.OfferingKind.DROP_IN.value == kind: pass",
        "match kind:\n case OfferingKind.DROP_IN: pass",
    ],
)
def test_the_check_on_kinds_sees_a_comparison(code: str) -> None:
    assert len(kind_comparisons(ast.parse(code))) == 1


def test_kinds_of_offering_differ_by_policy_never_by_comparison() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, tree in own_code()
        if path.relative_to(ROOT) != Path("courses/kinds.py")
        for line in kind_comparisons(tree)
    ]
    assert found == []


def foreign_insides(path: Path, tree: ast.Module) -> Iterator[str]:
    """Imports of another app that do not go through one of its doors."""
    relative = path.relative_to(ROOT)
    app = relative.parts[0]
    for line, name in imported(tree, ".".join(relative.parent.parts)):
        other, *rest = name.split(".")
        if other not in APPS or other == app or not rest:
            continue
        # `config` mounts the apps' addresses and hands settings to Django.
        doors = DOORS | {"urls", "views", "api"} if app == "config" else DOORS
        if other == "audit":
            doors = doors | AUDIT_DOOR
        if rest[0] not in doors:
            yield f"{relative}:{line}: {name}"


def test_apps_meet_only_at_their_doors() -> None:
    found = [
        fault for path, tree in own_code() for fault in foreign_insides(path, tree)
    ]
    assert found == []


def test_the_check_on_doors_sees_a_foreign_model() -> None:
    tree = ast.parse("from people.models import Person\nfrom people import selectors")
    found = list(foreign_insides(ROOT / "courses" / "x.py", tree))
    assert found == ["courses/x.py:1: people.models.Person"]


def test_only_publishing_knows_django_scheduler() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, tree in own_code()
        if path.relative_to(ROOT).parts[0] != "publishing"
        for line, name in imported(tree, "")
        if name.split(".")[0] == "schedule"
    ]
    assert found == []


def test_pages_and_admin_of_django_scheduler_are_out_of_reach() -> None:
    from django.contrib import admin
    from django.urls import URLPattern, get_resolver

    def views(patterns: list, seen: list[str]) -> list[str]:
        for one in patterns:
            if isinstance(one, URLPattern):
                seen.append(one.callback.__module__)
            else:
                views(one.url_patterns, seen)
        return seen

    modules = views(get_resolver().url_patterns, [])
    assert any(name.startswith("allauth.") for name in modules)
    assert not [name for name in modules if name.split(".")[0] == "schedule"]
    labels = {model._meta.app_label for model in admin.site._registry}
    assert "schedule" not in labels
