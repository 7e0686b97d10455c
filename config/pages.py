"""Pages of words that belong to no app: accessibility, and about this website."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.views.generic import TemplateView


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
