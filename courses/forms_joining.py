"""What is asked of who joins: as little as a seat needs, and nothing about health."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

COMPANION = _("Somebody comes along with me (two places, or none)")


class AddressForm(forms.Form):
    """An address to send a link to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class NewAddressForm(AddressForm):
    """Another address than the one that is known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class JoinByMailForm(AddressForm):
    """Joining without an account."""

    call_name = forms.CharField(
        label=_("What do you want to be called?"),
        help_text=_("In a group you may use another name than your own."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    companion = forms.BooleanField(label=COMPANION, required=False)
    field_order = ("call_name", "email", "companion")

    def clean(self) -> dict[str, Any]:
        """Give how many seats are asked for."""
        data = super().clean() or {}
        return data | {"seats": 2 if data.get("companion") else 1}
