"""The cells of a board, a row at a time: {% load grid %}.

A week of three regions has two thousand cells, a term as many links. A template that
loops over them looks up each value by name and asked more time than reading the rows;
here a cell costs a few microseconds, and an empty one is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from config.look import CHIP_MARKS, kind_look
from config.templatetags.gem import chip, icon

if TYPE_CHECKING:
    from scheduling.views.board import Cell, Chip, Row
    from scheduling.views.day import Stretch
    from scheduling.views.term import TermLink, TermRow

register = template.Library()

KEPT = 4096
"""Empty cells kept by a process: those of a few weeks."""


@register.simple_tag
def week_cells(row: Row) -> SafeString:
    """A room, centre or leader: a cell for each day."""
    closed = _("closed")
    return _joined(_week_cell(cell, closed) for cell in row.cells)


def _week_cell(cell: Cell, closed: str) -> SafeString:
    if cell.shut:
        return _shut(cell.day, cell.date, closed)
    if not cell.chips:
        return _empty(cell.day, cell.date)
    return format_html(
        '<td data-day="{}" data-date="{}">{}</td>',
        cell.day,
        cell.date,
        _joined(_chip(one) for one in cell.chips),
    )


@lru_cache(KEPT)
def _shut(day: str, date: str, closed: str) -> SafeString:
    return format_html(
        '<td class="gem-board__shut" data-day="{}" data-date="{}">'
        '<span class="gem-hidden">{}</span></td>',
        day,
        date,
        closed,
    )


@lru_cache(KEPT)
def _empty(day: str, date: str) -> SafeString:
    return format_html('<td data-day="{}" data-date="{}"></td>', day, date)


@register.simple_tag
def day_cells(lane: Iterable[Stretch], date: str) -> SafeString:
    """A lane of one day: what takes place, and what is free, by the quarter."""
    return _joined(
        _free(part.span, date, part.at)
        if part.chip is None
        else format_html(
            '<td{} data-day="{}" data-date="{}" data-start="{}">{}</td>',
            _wide(part.span),
            part.start,
            date,
            part.at,
            _chip(part.chip),
        )
        for part in lane
    )


@lru_cache(KEPT)
def _free(span: int, date: str, at: str) -> SafeString:
    return format_html(
        '<td{} data-day="" data-date="{}" data-start="{}"></td>', _wide(span), date, at
    )


def _wide(span: int) -> SafeString | str:
    return format_html(' colspan="{}"', span) if span > 1 else ""


def _chip(one: Chip) -> SafeString:
    session = one.session
    return chip(
        session.title,
        one.line,
        session.kind,
        session.format,
        href=one.href,
        data_move=one.move or None,
        moved=session.moved,
        cancelled=session.cancelled,
        pinned=session.pinned,
        conflict=session.broken,
        few=session.below_minimum,
        unled=session.without_leader,
    )


@register.simple_tag
def term_rows(rows: Iterable[TermRow], weeks: Sequence[str]) -> SafeString:
    """Groups, a row each: a cell for each week with a link to each of its sessions.

    Written in one go: of each link only what differs is made safe, and its name is one
    attribute, for every element that a term has thousands of is felt on a phone.
    """
    marks = {name: _row_mark(name) for name in ("pinned", "few")}
    cells = [f'<td data-day="{escape(week)}">' for week in weeks]
    return _joined(_term_row(row, marks, cells) for row in rows)


def _row_mark(name: str) -> SafeString:
    mark = CHIP_MARKS[name]
    return format_html(" · {} {}", icon(mark.icon), mark.word)


def _term_row(
    row: TermRow, marks: Mapping[str, SafeString], cells: Sequence[str]
) -> SafeString:
    """``cells``: how that of each week begins."""
    look = kind_look(row.kind, row.format)
    return format_html(
        '<tr class="gem-kind--{}"><th class="gem-board__row" scope="row">{} {}'
        '<small class="gem-muted">{}{}{}</small></th>{}</tr>\n',
        look.css,
        icon(look.icon),
        row.title,
        row.small,
        marks["pinned"] if row.pinned else "",
        marks["few"] if row.few else "",
        _term_cells(row, cells),
    )


def _term_cells(row: TermRow, cells: Sequence[str]) -> SafeString:
    title, drawn = escape(row.title), [""] * len(cells)
    for one in row.links:
        drawn[one.week] += _term_link(one, title)
    whole = "".join(
        f"{cell}{links}</td>" if links else "<td></td>"
        for cell, links in zip(cells, drawn, strict=True)
    )
    return mark_safe(whole)  # noqa: S308 (each part of it was escaped)


def _term_link(one: TermLink, title: str) -> str:
    """A link to a session; ``title`` of the group, escaped."""
    state, shape = "", ""
    if one.cancelled:
        state, shape = ' class="gem-term--cancelled"', icon("ban")
    elif one.moved:
        state, shape = ' class="gem-term--moved"', icon("move")
    return (
        f'<a{state} href="{escape(one.href)}" '
        f'aria-label="{title}, {escape(one.when)}: {one.number:d}">'
        f"{shape}{one.number:d}</a>"
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
