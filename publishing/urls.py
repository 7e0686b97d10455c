"""Addresses of publishing. The feed's path is masked in logs (config.logging)."""

from django.urls import path, re_path

from publishing.facts import (
    centres,
    leaders,
    matrix,
    offerings,
    one_series,
    overview,
    rooms,
    series,
)
from publishing.views import (
    address,
    agenda,
    asking,
    assignment,
    attendance_file,
    centre,
    centre_asked,
    conversations,
    figures,
    meeting,
    outbox,
    referrals,
    release,
    release_people,
    substitutes,
    thinking,
    times,
)
from publishing.views.feed import feed
from publishing.views.series import series_file
from publishing.views.week_file import week_calendar

app_name = "publishing"
urlpatterns = [
    path("meedoen/<uuid:series_id>/data.ics", series_file, name="series_file"),
    path("agenda/<str:token>/gem.ics", feed, name="feed"),
    path("mijn-agenda/", agenda.my_agenda, name="my_agenda"),
    path(
        "agenda/<str:token>/vraag/", assignment.assignment_link, name="assignment_link"
    ),
    path("mijn-agenda/tijden/", times.my_times, name="my_times"),
    path("mijn-agenda/ziek/", times.ill, name="ill"),
    path(
        "mijn-agenda/vragen/<int:assignment_id>/",
        assignment.assignment,
        name="assignment",
    ),
    path("mijn-agenda/bijeenkomst/<uuid:session_id>/", meeting.meeting, name="meeting"),
    path(
        "mijn-agenda/bijeenkomst/<uuid:session_id>/aanwezigheid/",
        meeting.attendance,
        name="attendance",
    ),
    path(
        "mijn-agenda/bijeenkomst/<uuid:session_id>/vervanging/",
        substitutes.stand_ins,
        name="stand_ins",
    ),
    path("mijn-agenda/vervangen/<int:ask_id>/", substitutes.stand_in, name="stand_in"),
    path(
        "agenda/<str:token>/vervangen/",
        substitutes.stand_in_link,
        name="stand_in_link",
    ),
    path(
        "mijn-agenda/bijeenkomst/<uuid:session_id>/aanwezigheid.csv",
        attendance_file.own_attendance,
        name="own_attendance",
    ),
    path(
        "aanwezigheid/<uuid:series_id>/aanwezigheid.csv",
        attendance_file.group_attendance,
        name="group_attendance",
    ),
    path("mijn-agenda/hulp.js", meeting.attendance_worker, name="attendance_worker"),
    path("mijn-agenda/adres/", address.facilitator_address, name="facilitator_address"),
    path("mijn-afspraken/agenda/", address.resident_address, name="resident_address"),
    path("locaties/", agenda.own_centres, name="centres"),
    path("locaties/<slug:code>/", agenda.centre_agenda, name="centre_agenda"),
    path(
        "locaties/<slug:code>/adressen/",
        address.centre_addresses,
        name="centre_addresses",
    ),
    path("week/<str:week_text>/gem.ics", week_calendar, name="week_calendar"),
    path("cijfers/", figures.figures, name="figures"),
    re_path(
        r"^cijfers/gem\.(?P<kind>csv|xlsx)$",
        figures.figures_export,
        name="figures_export",
    ),
    path("mijn-afspraken/kies-een-tijd/", conversations.own_times, name="own_times"),
    path("afspraak/<str:token>/", conversations.link_times, name="link_times"),
    path("mijn-agenda/meedenken/", thinking.asked, name="asked"),
    path("mijn-agenda/meedenken/<int:time_id>/", thinking.answer, name="answer"),
    path("verkennende-gesprekken/", referrals.all_referrals, name="referrals"),
    path(
        "verkennende-gesprekken/<int:referral_id>/",
        referrals.one_referral,
        name="referral",
    ),
    path("locaties/<slug:code>/openingstijden/", centre.hours, name="centre_hours"),
    path(
        "locaties/<slug:code>/reserveringen/", centre.bookings, name="centre_bookings"
    ),
    path("locaties/<slug:code>/gevraagd/", centre_asked.asked, name="centre_asked"),
    path("locaties/<slug:code>/eigen-agenda/", centre.sources, name="centre_sources"),
    path("ruimte-vragen/", asking.ask_room, name="ask_room"),
    path("berichten/", outbox.outbox, name="outbox"),
    path("berichten/doen/", outbox.outbox_many, name="outbox_many"),
    path("berichten/<int:message_id>/", outbox.outbox_message, name="outbox_message"),
    path("publicaties/", release.all_releases, name="releases"),
    path("publicaties/<int:release_id>/", release.released, name="released"),
    path("rooster/<int:schedule_id>/publiceren/", release.release, name="release"),
    path(
        "rooster/<int:schedule_id>/publiceren/mensen/",
        release_people.release_people,
        name="release_people",
    ),
    path("rooster/<int:schedule_id>/weg/", release.drop, name="drop"),
    path(
        "rooster/<int:schedule_id>/opnieuw-bekijken/",
        release.look_again,
        name="look_again",
    ),
    path("gegevens/", overview.overview, name="facts"),
    path("gegevens/aanbod/", offerings.offerings, name="facts_offerings"),
    path("gegevens/aanbod/nieuw/", offerings.new_offering, name="facts_offering_new"),
    path(
        "gegevens/aanbod/<int:offering_id>/", offerings.offering, name="facts_offering"
    ),
    path("gegevens/reeksen/", series.series_list, name="facts_series"),
    path("gegevens/reeksen/nieuw/", series.new_series, name="facts_series_new"),
    path(
        "gegevens/reeksen/<uuid:series_id>/",
        one_series.series,
        name="facts_one_series",
    ),
    path("gegevens/locaties/", centres.centres, name="facts_centres"),
    path("gegevens/locaties/nieuw/", centres.new_centre, name="facts_centre_new"),
    path("gegevens/locaties/<int:centre_id>/", centres.centre, name="facts_centre"),
    path(
        "gegevens/locaties/<int:centre_id>/openingstijden/",
        centres.centre_hours,
        name="facts_centre_hours",
    ),
    path("gegevens/ruimtes/", rooms.rooms, name="facts_rooms"),
    path("gegevens/ruimtes/nieuw/", rooms.new_room, name="facts_room_new"),
    path("gegevens/ruimtes/<int:room_id>/", rooms.room, name="facts_room"),
    path("gegevens/begeleiders/", leaders.leaders, name="facts_leaders"),
    path("gegevens/begeleiders/nieuw/", leaders.new_leader, name="facts_leader_new"),
    path("gegevens/begeleiders/<int:leader_id>/", leaders.leader, name="facts_leader"),
    path("gegevens/beschikbaarheid/", matrix.availability, name="facts_availability"),
]
