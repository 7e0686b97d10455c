"""Two leaders of a draft change places: look what it means, accept by name, do it."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from scheduling import words
from scheduling.selectors import WeekSession, draft_week
from scheduling.services.access import region_planners_only
from scheduling.services.edits import MoveRefused, StaleDraft, swap_leaders
from scheduling.services.moves import Verdict
from scheduling.services.swaps import Led, judge_swap
from scheduling.views.later_dates import stays_later
from scheduling.views.on_draft import (
    Gone,
    draft_or_404,
    must_still_be,
    told_when_gone,
    version_of,
)
from scheduling.views.verdicts import Names, accepted_keys, breach_lines
from scheduling.weeks import Week

if TYPE_CHECKING:
    from scheduling.models import Schedule


class SwapForm(forms.Form):
    """Who of this session changes places with whom of another."""

    leader = forms.TypedChoiceField(label=gettext_lazy("Who goes"), coerce=int)
    other = forms.ChoiceField(
        label=gettext_lazy("Changes places with"),
        help_text=gettext_lazy("Sessions of the same week."),
    )

    def __init__(
        self,
        *args: Any,
        leaders: list[tuple[str, str]],
        others: list[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        choices = {"leader": leaders, "other": [("", _("Choose")), *others]}
        for name, offered in choices.items():
            field = self.fields[name]
            field.choices = offered  # type: ignore[attr-defined]

    @property
    def other_led(self) -> Led:
        """The other session and its leader, of a form that is valid."""
        session, _sign, leader = self.cleaned_data["other"].partition(" ")
        return uuid.UUID(session), int(leader)


@require_http_methods(["GET", "HEAD", "POST"])
@region_planners_only
@told_when_gone
def swap(request: HttpRequest, schedule_id: int, session_id: uuid.UUID) -> HttpResponse:
    """Choose two leaders; see what their change of places breaks; do it."""
    page = SwapPage(request, draft_or_404(schedule_id), session_id)
    return page.do() if request.method == "POST" else page.look()


class SwapPage:
    """One request about the leaders of one session of a draft."""

    def __init__(
        self, request: HttpRequest, draft: Schedule, session_id: uuid.UUID
    ) -> None:
        self.request, self.draft = request, draft
        self.actor = Actor.of(request.user)
        row = draft.sessions.filter(session_id=session_id).first()
        if row is None:
            raise Gone("no such session in this draft", draft)
        week = Week.of(timezone.localdate(row.period.lower))
        rows = draft_week(actor=self.actor, schedule=draft, week=week)
        self.sessions = {one.id: one for one in rows if not one.cancelled}
        self.session: WeekSession = self.sessions[session_id]

    @property
    def names(self) -> Names:
        rooms = {
            str(one.room.pk): one.room.name
            for one in self.sessions.values()
            if one.room is not None
        }
        leaders = {
            str(lead.id): lead.name
            for one in self.sessions.values()
            for lead in one.leaders
        }
        return Names(rooms=rooms, leaders=leaders)

    def form(self, data: Any = None) -> SwapForm:
        own = {lead.id for lead in self.session.leaders}
        others = [
            (f"{one.id} {lead.id}", f"{lead.name}: {one.title}, {_when(one)}")
            for one in self.sessions.values()
            for lead in one.leaders
            if one.id != self.session.id and lead.id not in own
        ]
        return SwapForm(
            data,
            leaders=[(str(lead.id), lead.name) for lead in self.session.leaders],
            others=sorted(others, key=lambda one: one[1]),
        )

    def look(self) -> HttpResponse:
        """The form, with a verdict when something was asked."""
        if not self.request.GET:
            return self.page(self.form())
        form = self.form(self.request.GET)
        return self.page(form, verdict=self._judged(form))

    def _judged(self, form: SwapForm) -> Verdict | None:
        if not form.is_valid():
            return None
        try:
            return judge_swap(
                actor=self.actor,
                schedule=self.draft,
                one=(self.session.id, form.cleaned_data["leader"]),
                other=form.other_led,
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return None

    def do(self) -> HttpResponse:
        """Let them change places, or say why not; what was chosen stays filled in."""
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            swap_leaders(
                actor=self.actor,
                user=self.request.user,  # type: ignore[arg-type]
                schedule=self.draft,
                one=(self.session.id, form.cleaned_data["leader"]),
                other=form.other_led,
                version=version_of(self.request),
                accept=accepted_keys(self.request),
            )
        except StaleDraft as stale:
            self.draft = stale.schedule
            since = [words.edit_words(edit) for edit in stale.edits]
            return self.page(
                form, verdict=self._judged(form), since=since, stale=True, status=409
            )
        except MoveRefused as refused:
            return self.page(form, verdict=refused.verdict, status=422)
        except ValidationError as error:
            must_still_be(self.draft)
            form.add_error(None, error.messages)
            return self.page(form, status=422)
        messages.success(self.request, _("The leaders changed places in the draft."))
        return redirect("scheduling:draft-session", self.draft.pk, self.session.id)

    def page(
        self,
        form: SwapForm,
        *,
        verdict: Verdict | None = None,
        since: list[str] | None = None,
        stale: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        breaches = breach_lines(verdict.new, self.names) if verdict else []
        context = {
            "form": form,
            "session": self.session,
            "draft": self.draft,
            "when": words.moment_in_text(self.session.start),
            "verdict": verdict,
            "breaches": breaches,
            "never": any(one.never for one in breaches),
            "means": self._means(form, verdict) if verdict else [],
            "news": any(one.new for one in self.sessions.values()),
            "later": self._later(form if verdict else None),
            "since": since or [],
            "stale": stale,
            "nobody": not self.session.leaders,
            "asked": [
                (name, value)
                for name, value in form.data.items()
                if name in form.fields and value
            ],
        }
        return render(self.request, "scheduling/swap.html", context, status=status)

    def _means(self, form: SwapForm, verdict: Verdict) -> list[str]:
        """Who leads what then: this once, or all that a new group has in the draft."""
        session_id, other = form.other_led
        leader = form.cleaned_data["leader"]
        changed = Counter(
            self.draft.sessions.filter(session_id__in=verdict.sessions).values_list(
                "series_id", flat=True
            )
        )
        one, two = self.session, self.sessions[session_id]
        whole = one.series_id != two.series_id
        return [
            _leads(
                self.names.people([key]), session, changed[session.series_id] * whole
            )
            for key, session in ((other, one), (leader, two))
        ]

    def _later(self, form: SwapForm | None) -> list[str]:
        """Which later dates of a new group of a split keep their leaders."""
        groups = {self.session.series_id}
        if form is not None:
            groups.add(self.sessions[form.other_led[0]].series_id)
        found = (stays_later(schedule=self.draft, series_id=key) for key in groups)
        return [text for text in found if text]


def _leads(name: str, session: WeekSession, number: int) -> str:
    """Who leads this session, or so many of a group."""
    told = {"name": name, "title": session.title, "when": _when(session)}
    if number < 2:
        return _("%(name)s leads %(title)s, %(when)s") % told
    return _(
        "%(name)s leads all %(number)s sessions of %(title)s in this draft, also the "
        "one on %(when)s"
    ) % (told | {"number": number})


def _when(session: WeekSession) -> str:
    return words.moment_in_text(session.start)
