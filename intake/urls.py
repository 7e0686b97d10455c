"""Addresses of intake; Dutch, as people read them."""

from django.urls import path

from intake.views import asking, outcome, referring

app_name = "intake"
urlpatterns = [
    path("verwijzen/", referring.refer, name="refer"),
    path("verwijzen/verstuurd/", referring.referred, name="referred"),
    path("verwijzingen/", referring.own_list, name="own_referrals"),
    path("verwijzingen/<int:referral_id>/", referring.own_detail, name="own_referral"),
    path("mijn-agenda/gesprekken/", outcome.conversations, name="conversations"),
    path("mijn-agenda/gesprekken/<int:referral_id>/", outcome.outcome, name="outcome"),
    path("meedenken/", asking.think_along, name="think_along"),
    path(
        "meedenken/<int:consultation_id>/stoppen/",
        asking.stop_thinking,
        name="stop_thinking",
    ),
    path("mijn-afspraken/een-gesprek/", asking.talk, name="talk"),
    path("gespreksvragen/", asking.talks, name="talks"),
    path("gespreksvragen/<int:talk_id>/geregeld/", asking.talk_done, name="talk_done"),
]
