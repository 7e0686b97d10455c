"""A chart of the terms: how much of the proven bound each solver reached, as SVG."""

from __future__ import annotations

from html import escape

from benchmarks.promises import Row, number

COLOURS = {"gem": "#154273", "plain": "#b2611d", "timefold": "#39870c"}
NAMES = {"gem": "the planner", "plain": "plain model", "timefold": "Timefold"}
WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 760, 250, 70, 14, 12, 46


def bars(rows: list[Row]) -> list[tuple[str, list[tuple[str, float]]]]:
    """By problem each solver's value as a share of the lowest bound that anybody
    proved for it; the best row of a solver counts."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row["mode"] == "term" and row["outcome"] == "planned":
            key = (row["scale"], row["regime"], row["seed"])
            groups.setdefault(key, []).append(row)
    found = []
    for (scale, regime, seed), some in groups.items():
        bounds = [number(row, "tier1_bound") for row in some]
        least = min((bound for bound in bounds if bound), default=None)
        if least is None:
            continue
        best: dict[str, float] = {}
        for row in some:
            share = (number(row, "tier1_value") or 0) / least
            best[row["solver"]] = max(share, best.get(row["solver"], 0.0))
        shares = [(name, best[name]) for name in COLOURS if name in best]
        found.append((f"{regime}, {scale}x, seed {seed}", shares))
    return found


def chart(rows: list[Row]) -> str:
    """The chart as an SVG file; everything in it is in the tables too."""
    groups = bars(rows)
    height = TOP + sum(len(shares) * BAR + GAP for _, shares in groups) + 10
    scale = (WIDTH - LEFT - RIGHT) / 100
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'role="img" aria-labelledby="title" font-family="sans-serif" '
            'font-size="12">'
        ),
        (
            '<title id="title">First tier as a share of the proven bound, by term and '
            "solver</title>"
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for place, (name, colour) in enumerate(COLOURS.items()):
        x = LEFT + 130 * place
        parts.append(f'<rect x="{x}" y="12" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(x + 18, 22, NAMES[name]))
    y = TOP
    for percent in (0, 25, 50, 75, 100):
        x = LEFT + percent * scale
        parts.append(
            f'<line x1="{x:.0f}" y1="{TOP - 6}" x2="{x:.0f}" y2="{height - 8}" '
            'stroke="#cccccc"/>'
        )
        parts.append(_text(x, TOP - 8, f"{percent} %", "middle"))
    for title, shares in groups:
        middle = y + len(shares) * BAR / 2 + 4
        parts.append(_text(LEFT - 8, middle, title, "end"))
        for name, share in shares:
            width = 100 * share * scale
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 2}" '
                f'fill="{COLOURS[name]}"/>'
            )
            parts.append(_text(LEFT + width + 4, y + 10, f"{100 * share:.1f} %"))
            y += BAR
        y += GAP
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="#111111">'
        f"{escape(words)}</text>"
    )
