"""Addresses of the coordinator's pages."""

from django.urls import path, register_converter

from scheduling.views import (
    attendance,
    checkup,
    comparing,
    decisions,
    exploring,
    helping,
    import_working,
    importing,
    left_out,
    lists,
    looking,
    making,
    mend,
    mending,
    moves,
    paper,
    question,
    registrations,
    reporting,
    runs,
    session,
    splitting,
    stand_ins,
    swaps,
    turns,
    week,
    why,
)
from scheduling.weeks import WeekConverter

register_converter(WeekConverter, "week")
register_converter(paper.PaperConverter, "paper")
register_converter(moves.WayConverter, "way")
register_converter(importing.TemplateConverter, "template")

app_name = "scheduling"
urlpatterns = [
    path("week/", week.week, name="week"),
    path("week/<week:week>/", week.week, name="week"),
    path("week/<week:week>/papier/", paper.paper, name="paper"),
    path("week/<week:week>/gem.<paper:kind>", paper.week_file, name="week-file"),
    path("bijeenkomst/<uuid:session_id>/", session.session, name="session"),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/",
        session.session,
        name="draft-session",
    ),
    path("controle/", checkup.checkup, name="checkup"),
    path("controle/<week:week>/", checkup.checkup, name="checkup"),
    path(
        "controle/<week:week>/herstellen/<slug:check>/<str:key>/",
        mend.mend_finding,
        name="mend",
    ),
    path("week/<week:week>/wijzigen/", moves.edit_week, name="edit-week"),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/wijzigen/",
        moves.move,
        name="move",
    ),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/vast/",
        moves.pin,
        name="pin",
    ),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/niet-houden/",
        moves.drop,
        name="drop-session",
    ),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/inval/<int:leader_id>/",
        stand_ins.stand_ins,
        name="stand-ins",
    ),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/wissel/",
        swaps.swap,
        name="swap",
    ),
    path(
        "rooster/<int:schedule_id>/bijeenkomst/<uuid:session_id>/splitsen/",
        splitting.split,
        name="split",
    ),
    path("rooster/<int:schedule_id>/<way:way>/", moves.turn, name="turn"),
    path("herstel/<int:repair_id>/", mending.repair, name="repair"),
    path("herstel/bezig/<int:run_id>/", looking.looking, name="looking"),
    path("herstel/<slug:what>/", reporting.report, name="report"),
    path("herstel/gestopt/<int:registration_id>/", reporting.gone, name="came-free"),
    path("plannen/", making.new, name="run-new"),
    path("plannen/weging/", making.weigh, name="run-weigh"),
    path("plannen/vergelijken/", comparing.compare, name="compare"),
    path("plannen/<int:run_id>/", runs.run, name="run"),
    path("plannen/wat-als/<int:run_id>/", exploring.tried, name="tried"),
    path("plannen/<int:run_id>/wat-als/", exploring.what_if, name="what-if"),
    path("plannen/<int:run_id>/stoppen/", runs.stop, name="run-stop"),
    path("plannen/<int:run_id>/kiezen/", runs.choose, name="run-choose"),
    path("plannen/<int:run_id>/weg/", runs.throw_away, name="run-drop"),
    path("rooster/<int:schedule_id>/zonder-plek/", left_out.left_out, name="left-out"),
    path(
        "rooster/<int:schedule_id>/zonder-plek/<int:registration_id>/",
        helping.help_person,
        name="help-person",
    ),
    path(
        "rooster/<int:schedule_id>/niet-gehouden/<uuid:series_id>/",
        helping.help_series,
        name="help-series",
    ),
    path(
        "aanmelding/<int:registration_id>/groep-eerst/",
        helping.group_first,
        name="group-first",
    ),
    path("mijn-afspraken/vraag/<int:step_id>/", question.question, name="question"),
    path("mijn-afspraken/waarom/<int:registration_id>/", why.why, name="why"),
    path("aanwezigheid/", attendance.overview, name="attendance"),
    path("aanwezigheid/gem.csv", attendance.attendance_file, name="attendance-file"),
    path(
        "aanwezigheid/<uuid:session_id>/",
        attendance.session_attendance,
        name="session-attendance",
    ),
    path("kleine-groepen/", decisions.small, name="small-groups"),
    path("kleine-groepen/<uuid:series_id>/", decisions.decide, name="decide"),
    path("wachtlijst/", lists.waiting, name="waiting"),
    path("wachtlijst/groepen/", turns.queues_by_group, name="queues"),
    path("wachtlijst/groepen/<uuid:series_id>/", turns.queue, name="queue"),
    path("aanmeldingen/", registrations.registrations, name="registrations"),
    path(
        "aanmeldingen/<int:registration_id>/",
        registrations.registration,
        name="registration",
    ),
    path(
        "aanmeldingen/<int:registration_id>/naam/",
        registrations.name,
        name="registration-name",
    ),
    path(
        "aanmeldingen/<int:registration_id>/urgentie/",
        registrations.urgency,
        name="registration-urgency",
    ),
    path(
        "aanmeldingen/<int:registration_id>/wijzigen/",
        registrations.change,
        name="registration-change",
    ),
    path(
        "aanmeldingen/<int:registration_id>/beeindigen/",
        registrations.end,
        name="registration-end",
    ),
    path("importeren/", importing.upload, name="import"),
    path(
        "importeren/gem-region.<template:kind>",
        importing.template,
        name="import-template",
    ),
    path(
        "importeren/bezig/<uuid:work_id>/",
        import_working.working,
        name="import-working",
    ),
    path(
        "importeren/bezig/<uuid:work_id>/stoppen/",
        import_working.stop,
        name="import-stop",
    ),
    path("importeren/<uuid:import_id>/", importing.preview, name="import-preview"),
    path("importeren/<uuid:import_id>/inlezen/", importing.load, name="import-load"),
    path("importeren/<uuid:import_id>/weg/", importing.drop, name="import-drop"),
    path("ruimtes/", lists.rooms, name="rooms"),
    path("mensen/", lists.leaders, name="leaders"),
]
