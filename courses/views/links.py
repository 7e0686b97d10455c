"""Taking part without a password: ask for a link, open it, press its button."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from audit.record import OWN_DATA, record_event
from courses.forms_joining import AddressForm, JoinByMailForm
from courses.kinds import WayIn
from courses.models import LinkPurpose, MailLink, Offering, Series
from courses.selectors import catalogue_offerings, open_series
from courses.services.links import (
    LinkOver,
    ask_to_join,
    ask_to_sign_in,
    asked_too_often,
    lapsed_link,
    live_link,
    use_link,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def caller_of(request: HttpRequest) -> str:
    """Who asks, as far as a limit needs it: a keyed hash of the network address.

    The address is what our outermost proxy saw (`GEM_TRUSTED_PROXIES`); what a
    visitor wrote in X-Forwarded-For himself does not count.
    """
    address = str(get_adapter(request).get_client_ip(request))
    return salted_hmac("courses.caller", address, algorithm="sha256").hexdigest()


@require_http_methods(["GET", "HEAD", "POST"])
def join_by_mail(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Join a group without an account: a name, an address, and a link by mail."""
    series = _free_series(series_id)
    if series is None:
        raise Http404("no such series, or not without a referral")
    return _by_mail(request, series.offering, series)


@require_http_methods(["GET", "HEAD", "POST"])
def wait_by_mail(request: HttpRequest, offering_id: int) -> HttpResponse:
    """Wait for the next group of an offering, without an account."""
    offering = _free_offering(offering_id)
    if offering is None:
        raise Http404("no such offering, or not without a referral")
    return _by_mail(request, offering, None)


def _free_series(series_id: uuid.UUID) -> Series | None:
    """A series that anybody may join now."""
    series = open_series().filter(pk=series_id, offering__in_catalogue=True).first()
    free = series is not None and series.offering.policy.way_in == WayIn.FREE
    return series if free else None


def _free_offering(offering_id: int) -> Offering | None:
    """An offering that anybody may wait for now."""
    offering = catalogue_offerings().filter(pk=offering_id).first()
    free = offering is not None and offering.policy.way_in == WayIn.FREE
    return offering if free else None


def _by_mail(
    request: HttpRequest, offering: Offering, series: Series | None
) -> HttpResponse:
    form = JoinByMailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        caller = caller_of(request)
        if asked_too_often(caller=caller):
            return render(request, "429.html", {"minutes": 60}, status=429)
        ask_to_join(
            address=form.cleaned_data["email"],
            call_name=form.cleaned_data["call_name"],
            language=_language(),
            series=series,
            offering=None if series is not None else offering,
            seats=form.cleaned_data["seats"],
            caller=caller,
        )
        return redirect("courses:link_sent")
    context = {"form": form, "offering": offering, "series": series}
    status = 400 if form.errors else 200
    return render(request, "courses/join_by_mail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_mail(request: HttpRequest) -> HttpResponse:
    """Ask for a link to sign in; the answer is the same for every address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        caller = caller_of(request)
        if asked_too_often(caller=caller):
            return render(request, "429.html", {"minutes": 60}, status=429)
        ask_to_sign_in(
            address=form.cleaned_data["email"], language=_language(), caller=caller
        )
        return redirect("courses:link_sent")
    return render(
        request,
        "courses/sign_in_by_mail.html",
        {"form": form},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD"])
def link_sent(request: HttpRequest) -> HttpResponse:
    """The same words for everybody."""
    return render(request, "courses/link_sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """What the link does (GET), and doing it (POST), once."""
    found = live_link(secret=secret)
    if request.method == "POST":
        answer = _use(request, secret)
    elif found is None:
        answer = _over(request, secret)
    else:
        context = {"link": found, "offering": found.offering or _of(found.series)}
        answer = render(request, "courses/link.html", context)
    add_never_cache_headers(answer)
    # The site alone, not the secret; with "no-referrer" browsers send the press from
    # "null" (Fetch, 3.2 Origin header), which the check for forgery refuses.
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def _use(request: HttpRequest, secret: str) -> HttpResponse:
    try:
        used = use_link(secret=secret)
    except LinkOver:
        return _over(request, secret)
    if used.may_sign_in and used.user is not None:
        login(request, used.user, backend=BACKEND)
    if used.refused:
        context: dict[str, Any] = {
            "reasons": used.refused,
            "signed_in": used.may_sign_in,
            "about_address": used.link.purpose == LinkPurpose.ADDRESS,
        }
        return render(request, "courses/link_refused.html", context, status=409)
    if used.link.purpose == LinkPurpose.ADDRESS:
        messages.success(request, _("Your new address is kept."))
        mine = request.user.is_authenticated and request.user == used.user
        return redirect("courses:contact" if mine else settings.LOGIN_URL)
    if not used.may_sign_in:
        return redirect(settings.LOGIN_URL)
    if used.link.series_id is not None:
        return redirect(reverse("courses:joined", args=[used.link.series_id]))
    return redirect("courses:mine")


def _over(request: HttpRequest, secret: str) -> HttpResponse:
    record_event(
        actor=Actor.of(request.user),
        code="link.use",
        action="R",
        purpose=OWN_DATA,
        object_kind="link",
        result="refused",
    )
    context = {"again": _way_back(lapsed_link(secret=secret))}
    return render(request, "courses/link_over.html", context, status=404)


def _way_back(link: MailLink | None) -> str:
    """Where to ask again for what a link that came too late was for.

    "" where signing in is the way: the link was used, was for that, or what it was for
    is not to be had any more.
    """
    if link is None:
        return ""
    if link.purpose == LinkPurpose.ADDRESS:
        return reverse("courses:contact")
    if link.series_id is not None and _free_series(link.series_id):
        return reverse("courses:join_by_mail", args=[link.series_id])
    if link.offering_id is not None and _free_offering(link.offering_id):
        return reverse("courses:wait_by_mail", args=[link.offering_id])
    return ""


def _of(series: Series | None) -> Offering | None:
    return series.offering if series is not None else None


def _language() -> str:
    return "en" if (get_language() or "nl").startswith("en") else "nl"
