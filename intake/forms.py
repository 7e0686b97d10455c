"""What intake asks: as little as planning needs, and nothing about health."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import RegexValidator, validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.enums import Advice, ConsultationTopic, TalkWay
from people.enums import ContactChannel

if TYPE_CHECKING:
    from courses.models import Offering, ReasonCode
    from people.models import Organisation, Place

NUMBER = RegexValidator(
    r"^[0-9+][0-9 ()-]{8,18}$", _("Write a telephone number, like 06 12345678.")
)
LIKE_BSN = RegexValidator(
    r"\d{8,}",
    _("Write a name here, and no number. We never ask for a citizen service number."),
    inverse_match=True,
)
YOUNGEST, OLDEST = 16, 110
"""Ages at which somebody can be referred."""
YES, NO = "yes", "no"


class OnceForm(forms.Form):
    """A form with a mark of its own: sent twice, it is one."""

    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"].setdefault("once", uuid.uuid4())
        super().__init__(*args, **kwargs)


class ReferralForm(OnceForm):
    """A GP or social worker refers a resident. No letter and no story."""

    urgent = forms.ChoiceField(
        label=_("Is it urgent, or a crisis?"),
        choices=[(NO, _("No")), (YES, _("Yes, it is urgent"))],
        widget=forms.RadioSelect,
    )
    organisation = forms.ChoiceField(label=_("You refer for"))
    call_name = forms.CharField(
        label=_("Name the resident wants to be called by"),
        max_length=60,
        validators=[LIKE_BSN],
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        help_text=_("Four digits, like 1985."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4"}),
    )
    place = forms.ChoiceField(label=_("Where does the resident live?"))
    contact_channel = forms.ChoiceField(
        label=_("How can we reach the resident?"),
        choices=[
            (ContactChannel.EMAIL.value, _("by e-mail")),
            (ContactChannel.PHONE.value, _("by telephone")),
        ],
        widget=forms.RadioSelect,
    )
    contact_address = forms.CharField(
        label=_("E-mail address or telephone number"), max_length=120
    )
    with_relative = forms.BooleanField(
        label=_("A relative or friend comes along"), required=False
    )
    agreed = forms.BooleanField(
        label=_("The resident knows of this and agrees that we keep these details")
    )

    def __init__(
        self,
        *args: Any,
        places: Iterable[Place],
        organisations: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(one.pk): one for one in places}
        self.organisations = {str(one.pk): one for one in organisations}
        choose = [("", _("Choose"))]
        self._choices(
            "place", [*choose, *((pk, one.name) for pk, one in self.places.items())]
        )
        self._choices(
            "organisation", [(pk, one.name) for pk, one in self.organisations.items()]
        )
        if len(self.organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = next(iter(self.organisations))

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = choices

    def clean_birth_year(self) -> int:
        year = self.cleaned_data["birth_year"]
        this = timezone.localdate().year
        if not this - OLDEST <= year <= this - YOUNGEST:
            raise forms.ValidationError(
                _("Write the year of birth with four digits. The youngest age is 16.")
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address = cleaned.get("contact_address")
        if address:
            email = cleaned.get("contact_channel") == ContactChannel.EMAIL
            try:
                (validate_email if email else NUMBER)(address)
            except forms.ValidationError as fault:
                self.add_error("contact_address", fault)
        return cleaned


class OutcomeForm(forms.Form):
    """What came of a conversation; filled in together, with the resident."""

    advice = forms.MultipleChoiceField(
        label=_("What did you advise together?"),
        choices=Advice.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    offerings = forms.MultipleChoiceField(
        label=_("What do you ask for now?"),
        help_text=_("The resident waits for each of these from today."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Why does a group not fit now?"),
        help_text=_("Only for one-to-one care."),
        required=False,
    )
    together = forms.BooleanField(
        label=_("We filled this in together, and the resident agrees")
    )

    def __init__(
        self,
        *args: Any,
        offerings: Iterable[Offering],
        reasons: Iterable[ReasonCode],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {str(one.pk): one for one in offerings}
        self.reasons = {one.pk: one for one in reasons}
        asked, reason = self.fields["offerings"], self.fields["reason"]
        assert isinstance(asked, forms.ChoiceField)  # noqa: S101 (for the type checker)
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101 (as above)
        asked.choices = [(pk, one.title) for pk, one in self.by_pk.items()]
        reason.choices = [
            ("", _("Does not apply")),
            *((pk, str(one)) for pk, one in self.reasons.items()),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = [self.by_pk[pk] for pk in cleaned.get("offerings", [])]
        if any(one.policy.needs_reason_code for one in asked) and not cleaned.get(
            "reason"
        ):
            self.add_error(
                "reason",
                _("One-to-one care asks for a reason why a group does not fit now."),
            )
        return cleaned


class ConsultationForm(OnceForm):
    """A helper asks to think along. No resident is named."""

    organisation = forms.ChoiceField(label=_("You ask for"))
    topic = forms.ChoiceField(
        label=_("What do you want to think about together?"),
        choices=ConsultationTopic.choices,
        widget=forms.RadioSelect,
    )
    within = forms.ChoiceField(
        label=_("Within which time?"),
        choices=[("7", _("a week")), ("14", _("two weeks")), ("28", _("four weeks"))],
        initial="14",
    )

    def __init__(
        self, *args: Any, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [(pk, one.name) for pk, one in self.organisations.items()]
        if len(self.organisations) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.organisations))

    @property
    def days(self) -> timedelta:
        """How long the helper can wait."""
        return timedelta(days=int(self.cleaned_data["within"]))


class TalkForm(forms.Form):
    """How a resident would like to talk; why is not asked."""

    way = forms.ChoiceField(
        label=_("How would you like to talk?"),
        choices=TalkWay.choices,
        widget=forms.RadioSelect,
    )
