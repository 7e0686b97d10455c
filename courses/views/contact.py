"""My contact details: how one is called and reached, and a new mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.actor import Actor
from courses.forms_contact import ContactForm, mail_address
from courses.forms_joining import NewAddressForm
from courses.services.contact import update_contact
from courses.services.links import ask_new_address, asked_too_often
from courses.views.links import caller_of
from courses.views.reader import for_residents

if TYPE_CHECKING:
    from people.models import Resident


@require_http_methods(["GET", "HEAD", "POST"])
@for_residents
def contact(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Read and change the own details; the mail address only through a link."""
    person = resident.person
    wants_address = request.method == "POST" and request.POST.get("act") == "address"
    details = ContactForm(
        request.POST if request.method == "POST" and not wants_address else None,
        person=person,
    )
    address = NewAddressForm(request.POST if wants_address else None, prefix="new")
    if wants_address and address.is_valid():
        caller = caller_of(request)
        if asked_too_often(caller=caller):
            return render(request, "429.html", {"minutes": 60}, status=429)
        ask_new_address(
            person=person,
            address=address.cleaned_data["email"],
            language="en" if (get_language() or "nl").startswith("en") else "nl",
            caller=caller,
        )
        return redirect("courses:link_sent")
    if details.is_bound and details.is_valid():
        update_contact(
            actor=Actor.of(request.user), person=person, details=details.cleaned_data
        )
        messages.success(request, _("Your details are kept."))
        return redirect("courses:contact")
    user = person.user
    context = {
        "details": details,
        "address": address,
        "mail": mail_address(person),
        "sign_in": user.email if user is not None else "",
        "keeps_sign_in": user is not None and user.needs_two_factor,
        "place": person.place,
    }
    status = 400 if details.errors or address.errors else 200
    return render(request, "courses/contact.html", context, status=status)
