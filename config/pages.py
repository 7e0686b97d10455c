"""Pages that belong to no app: the first one, accessibility, about this website."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from config.navigation import first_page
from courses.views.catalogue import welcome
from people.enums import STAFF_ROLES


class WordsPage(TemplateView):
    """A page of fixed text; the region's contact address is shown where it is set."""

    http_method_names = ["get", "head", "options"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the contact address (setting GEM_CONTACT_EMAIL), or an empty text."""
        return super().get_context_data(
            contact_email=getattr(settings, "GEM_CONTACT_EMAIL", ""), **kwargs
        )


accessibility = WordsPage.as_view(template_name="pages/accessibility.html")
about = WordsPage.as_view(template_name="pages/about.html")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The offer for visitors and residents; staff go to the first page of theirs."""
    user = request.user
    if user.is_authenticated and user.roles & STAFF_ROLES:
        own = first_page(user.roles)
        if own:
            return redirect(own)
    return welcome(request)
