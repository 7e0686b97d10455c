"""What was typed about somebody survives a session that ended: on the server alone.

A name or number of a resident never waits in a browser, on a computer that many use.
So what is sent after the session ended is kept in the session that begins then, which
holds nothing else yet. It comes back for the account that the form was made for, and
goes when it is sent, dropped, or the session ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

KEPT = "somebody_typed"
SALT = "courses.somebody"
ACCOUNT = "account"
"""The field that says for which account a form was made."""
LONGEST = timedelta(hours=12)
MOST_LETTERS = 200
MOST_VALUES = 60


def account_mark(user: Any) -> str:
    """For whom a form is made, as the form brings it back; nobody can write another."""
    return signing.dumps(str(user.pk), salt=SALT)


def keeps_typed(
    *names: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep these fields of a form that is sent by who is not signed in any more.

    Put it above the guard, which then asks to sign in. A form without the mark of an
    account, or with one of more than twelve hours ago, is not kept.
    """

    def keeping(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def kept(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not request.user.is_authenticated:
                _keep(request, names)
            return view(request, **kwargs)

        return kept

    return keeping


def _keep(request: HttpRequest, names: tuple[str, ...]) -> None:
    try:
        mark = request.POST.get(ACCOUNT, "")
        account = signing.loads(mark, salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return
    fields = {
        name: [text[:MOST_LETTERS] for text in request.POST.getlist(name)[:MOST_VALUES]]
        for name in names
        if name in request.POST
    }
    request.session[KEPT] = {"account": account, "fields": fields}


def typed_before(request: HttpRequest, user: Any) -> QueryDict | None:
    """What this account sent when its session had ended; another's is dropped."""
    kept = request.session.get(KEPT)
    if kept is None:
        return None
    if kept["account"] != str(user.pk):
        forget_typed(request)
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        typed.setlist(name, values)
    return typed


def taken_once(request: HttpRequest, name: str) -> list[str]:
    """Values of a field that was kept, the first time that they are asked for: what is
    chosen elsewhere on the site may be chosen otherwise after that."""
    values: list[str] = request.session[KEPT]["fields"].pop(name, [])
    if values:
        request.session.modified = True
    return values


def forget_typed(request: HttpRequest) -> None:
    """It was sent, or is not wanted any more."""
    request.session.pop(KEPT, None)
