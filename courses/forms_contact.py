"""How a resident is called, reached and spoken to: the own contact details."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import ContactChannel, Language

if TYPE_CHECKING:
    from people.models import Person

WAYS = [
    (ContactChannel.EMAIL.value, _("by e-mail")),
    (ContactChannel.SMS.value, _("by text message")),
    (ContactChannel.PHONE.value, _("by telephone: somebody calls me")),
    (ContactChannel.POST.value, _("by post")),
    (ContactChannel.NONE.value, _("no messages: I look here myself")),
]
NUMBERS = {ContactChannel.SMS.value, ContactChannel.PHONE.value}
WRITTEN = NUMBERS | {ContactChannel.POST.value}
"""Ways for which a number or an address is asked here; mail has a form of its own."""
NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")


class ContactForm(forms.Form):
    """The contact details of one person, without the mail address."""

    call_name = forms.CharField(
        label=_("What do you want to be called?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    alias = forms.CharField(
        label=_("Another name for in a group"),
        help_text=_("Leave this open if your own name is fine."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_channel = forms.ChoiceField(
        label=_("How may we reach you?"),
        help_text=_(
            "Do you want no messages? Then look here often. A place that is kept for "
            "you goes on after some days."
        ),
        choices=WAYS,
        widget=forms.RadioSelect,
    )
    contact_address = forms.CharField(
        label=_("Telephone number or postal address"),
        help_text=_("Only for text message, telephone or post."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    postcode4 = forms.RegexField(
        r"^[1-9][0-9]{3}$",
        label=_("Four digits of your postcode"),
        help_text=_("By this we count how long a journey takes."),
        max_length=4,
        required=False,
        error_messages={"invalid": _("Write four digits, for instance 7411.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak?"),
        help_text=_("Without Dutch your messages are in English."),
        choices=Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.mail_address = mail_address(person)
        by_hand = person.contact_channel in WRITTEN
        kwargs["initial"] = {
            "call_name": person.call_name,
            "alias": person.alias,
            "contact_channel": person.contact_channel,
            "contact_address": person.contact_address if by_hand else "",
            "postcode4": person.postcode4,
            "languages": person.languages,
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Give a number or address that fits the way; for mail, the proven one."""
        data = super().clean() or {}
        way, written = data.get("contact_channel"), data.get("contact_address", "")
        if way in WRITTEN and not written:
            self.add_error("contact_address", _("Write an address or a number."))
        elif way in NUMBERS and not _is_number(written):
            self.add_error(
                "contact_address",
                _("Write a telephone number, for instance 0570 123456."),
            )
        elif way == ContactChannel.EMAIL:
            if not self.mail_address:
                self.add_error(
                    "contact_channel", _("First write your e-mail address, below.")
                )
            data["contact_address"] = self.mail_address
        elif way == ContactChannel.NONE:
            data["contact_address"] = ""
        return data


def mail_address(person: Person) -> str:
    """The mail address that is known of somebody, proven or given by a helper."""
    if person.contact_channel == ContactChannel.EMAIL:
        return person.contact_address
    return person.user.email if person.user is not None else ""


def _is_number(text: str) -> bool:
    """Nine to fifteen digits (E.164), with the usual signs between them."""
    digits = re.sub(r"\D", "", text)
    return bool(NUMBER.fullmatch(text)) and 9 <= len(digits) <= 15
