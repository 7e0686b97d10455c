"""Addresses of the offer and of a resident's own pages; Dutch, as people read them.

The first page of the site is mounted by config, which sends staff to their own.
"""

from django.urls import path

from courses.views import (
    catalogue,
    changing,
    choosing,
    contact,
    for_other,
    helping,
    joining,
    letters,
    links,
    mine,
    open_data,
    supporters,
)

app_name = "courses"
urlpatterns = [
    path("open/hsds/services", open_data.services, name="hsds_services"),
    path("aanbod/", catalogue.catalogue, name="catalogue"),
    path("aanbod/<slug:code>/", catalogue.offering, name="offering"),
    path("aanbod/<slug:code>/vragen/", joining.ask, name="ask"),
    path("meedoen/<uuid:series_id>/", joining.join, name="join"),
    path("meedoen/<uuid:series_id>/klaar/", joining.joined, name="joined"),
    path(
        "meedoen/<uuid:series_id>/zonder-account/",
        links.join_by_mail,
        name="join_by_mail",
    ),
    path(
        "meedoen/aanbod/<int:offering_id>/zonder-account/",
        links.wait_by_mail,
        name="wait_by_mail",
    ),
    path("meedoen/link/", links.sign_in_by_mail, name="sign_in_by_mail"),
    path("meedoen/link/verstuurd/", links.link_sent, name="link_sent"),
    path("aanmelding/<str:secret>/", links.link, name="link"),
    path("kiezen/", choosing.choose, name="choose"),
    path("aanmelden-voor-iemand/", helping.for_somebody, name="for_somebody"),
    path(
        "aanmelden-voor-iemand/<uuid:series_id>/",
        helping.choose,
        name="choose_for_somebody",
    ),
    path(
        "aanmelden-voor-iemand/plek/<int:enrolment_id>/",
        for_other.seat_for_somebody,
        name="seat_for_somebody",
    ),
    path(
        "aanmelden-voor-iemand/aanmelding/<int:registration_id>/meer/",
        helping.more_for_somebody,
        name="more_for_somebody",
    ),
    path(
        "aanmelden-voor-iemand/aanmelding/<int:registration_id>/",
        for_other.wait_for_somebody,
        name="wait_for_somebody",
    ),
    path("mijn-afspraken/hulp/", supporters.help_with, name="help_with"),
    path(
        "mijn-afspraken/hulp/<int:mandate_id>/stoppen/",
        supporters.end_help,
        name="end_help",
    ),
    path("mijn-afspraken/<int:enrolment_id>/afmelden/", changing.absent, name="absent"),
    path("mijn-afspraken/<int:enrolment_id>/ruilen/", changing.swap_group, name="swap"),
    path("mijn-afspraken/<int:enrolment_id>/pauze/", changing.pause_seat, name="pause"),
    path(
        "mijn-afspraken/wachtlijst/<int:registration_id>/terug/",
        changing.come_back,
        name="rejoin",
    ),
    path("mijn-afspraken/", mine.mine, name="mine"),
    path("mijn-afspraken/contact/", contact.contact, name="contact"),
    path("mijn-afspraken/berichten/", letters.letters, name="letters"),
    path("mijn-afspraken/<int:enrolment_id>/stoppen/", mine.leave, name="leave"),
    path("mijn-afspraken/<int:enrolment_id>/aannemen/", mine.accept, name="accept"),
    path(
        "mijn-afspraken/wachtlijst/<int:registration_id>/stoppen/",
        mine.stop_waiting,
        name="stop_waiting",
    ),
]
