"""The small region that rows of the permission table ask about, seen by one account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actor import Actor
from audit.record import record_read
from people.enums import Role
from people.models import User
from publishing.models import FeedKind, FeedToken, Release
from publishing.services.feeds import make_address
from scheduling.models import (
    PlanningRun,
    Schedule,
    ScheduledSession,
    SeatPin,
    SeriesPin,
)
from scheduling.weeks import Week
from tests.factories import (
    ConsultationFactory,
    EnrolmentFactory,
    KeepPairFactory,
    OutboxMessageFactory,
    PersonFactory,
    QualificationFactory,
    ReferralFactory,
    RegistrationChoiceFactory,
    RegistrationFactory,
    RelativeFactory,
    ResidentFactory,
    RoomBookingFactory,
    TravelTimeFactory,
    UserFactory,
    feature,
    reason_code,
)
from tests.web.offer_data import a_region
from tests.web.permission_row import (
    ANONYMOUS,
    OTHER_MANAGER,
    OTHER_RESIDENT,
    Row,
)
from tests.web.permission_table import ADMIN, PARTS


class World:
    """A small region, and one account; `things` are what rows ask pages about."""

    def __init__(self, account: str) -> None:
        self.region = a_region()
        self.things: dict[str, Any] = {"one": 1, "key": "a-key", "uid": "1"}
        self._own_things()
        self._planning()
        self._tables()
        self.client = Client()
        if account != ANONYMOUS:
            self.client.force_login(self._user(account))

    def _own_things(self) -> None:
        series, resident = self.region.series, self.region.resident
        seat = EnrolmentFactory(
            registration=RegistrationFactory(resident=resident, state="placed"),
            series=series["walk in"],
        )
        offer = EnrolmentFactory(
            registration=RegistrationFactory(resident=resident, state="offered"),
            series=series["money in Olst"],
            state="offered",
            offer_expires_at=timezone.now() + timedelta(days=3),
        )
        waiting = RegistrationFactory(resident=resident)
        RegistrationChoiceFactory(registration=waiting, series=series["full"])
        centre = self.region.rooms["Olst Huiskamer"].centre
        _row, token = make_address(
            actor=Actor.system("test"), kind=FeedKind.CENTRE, centre_id=centre.pk
        )
        self.things |= {
            "seat": seat.pk,
            "offer": offer.pk,
            "waiting": waiting.pk,
            "open_series": series["money"].pk,
            "offering": series["money"].offering.code,
            "centre": centre.code,
            "token": token,
            "session": series["money"].sessions.first().pk,
        }

    def _planning(self) -> None:
        first = self.region.series["money"].first_date
        days = Week.of(first).days
        week = {"first_date": days[0], "last_date": days[-1]}
        draft = Schedule.objects.create(**week)
        series = self.region.series["money"]
        drafted = ScheduledSession.objects.create(
            schedule=draft,
            series=series,
            number=1,
            session_id=self.things["session"],
            period=series.sessions.first().period,
            room=series.room,
        )
        run = PlanningRun.objects.create(**week)
        done = Schedule.objects.create(**week, state="archived")
        self.things |= {
            "draft": draft.pk,
            "drafted": drafted.session_id,
            "run": run.pk,
            "release": Release.objects.create(schedule=done).pk,
        }

    def _tables(self) -> None:
        """One row of each table of the administration, of the village hall's."""
        resident, leader = self.region.resident, self.region.leader
        room = self.region.rooms["Olst Huiskamer"]
        event = record_read(
            actor=Actor.system("test"), subjects=[resident.person_id], purpose="care"
        )
        rows = {
            "audit_auditevent": event,
            "people_user": resident.person.user,
            "people_organisation": room.centre.organisation,
            "people_municipality": room.centre.place.municipality,
            "people_place": room.centre.place,
            "people_qualification": QualificationFactory(),
            "people_person": resident.person,
            "people_resident": resident,
            "people_relative": RelativeFactory(resident=resident),
            "people_facilitator": leader,
            "people_keeppair": KeepPairFactory(),
            "rooms_centre": room.centre,
            "rooms_room": room,
            "rooms_roombooking": RoomBookingFactory(room=room),
            "rooms_roomfeature": feature(),
            "rooms_traveltime": TravelTimeFactory(),
            "messaging_outboxmessage": OutboxMessageFactory(),
            "courses_theme": self.region.themes["geld"],
            "courses_reasoncode": reason_code(),
            "courses_offering": self.region.series["money"].offering,
            "courses_series": self.region.series["money"],
            "courses_session": self.region.series["money"].sessions.first(),
            "courses_registration": RegistrationFactory(),
            "courses_enrolment": EnrolmentFactory(),
            "intake_referral": ReferralFactory(),
            "intake_consultation": ConsultationFactory(),
            **self._planning_tables(),
        }
        self.things |= dict.fromkeys(ADMIN, 0)  # tables of others: no such row
        self.things |= {table: row.pk for table, row in rows.items()}
        for part in PARTS:
            getattr(part, "bring", lambda _world: None)(self)

    def _planning_tables(self) -> dict[str, Any]:
        # The draft is dropped on the way; what was archived stays.
        release = Release.objects.get(pk=self.things["release"])
        schedule = release.schedule
        series, asking = self.region.series["money"], RegistrationFactory()
        return {
            "scheduling_planningrun": PlanningRun.objects.get(pk=self.things["run"]),
            "scheduling_schedule": schedule,
            "scheduling_acceptedviolation": schedule.accepted_violations.create(
                rule="room-open", about=[], accepted_by=UserFactory()
            ),
            "scheduling_scheduledseat": schedule.seats.create(
                registration=asking, series=series
            ),
            "scheduling_leftout": schedule.left_out.create(registration=asking),
            "scheduling_seatpin": SeatPin.objects.create(registration=asking),
            "scheduling_seriespin": SeriesPin.objects.create(series=series),
            "publishing_release": release,
            "publishing_feedtoken": FeedToken.objects.get(),
        }

    def _user(self, account: str) -> User:
        if account == Role.RESIDENT:
            return self.region.resident.person.user
        if account == Role.FACILITATOR:
            return self.region.leader.person.user
        if account == Role.CENTRE_MANAGER:
            return self.region.manager
        if account == OTHER_RESIDENT:
            user = UserFactory(role=Role.RESIDENT)
            ResidentFactory(person=PersonFactory(user=user))
            return user
        if account == OTHER_MANAGER:
            owner = self.region.rooms["Deventer Huiskamer"].centre.organisation
            return UserFactory(role=Role.CENTRE_MANAGER, organisation=owner)
        return UserFactory(role=account)

    def open(self, row: Row) -> Any:
        """The whole answer to one row."""
        path = reverse(row.name, args=[self.things[name] for name in row.args])
        if row.method == "post":
            return self.client.post(path, dict(row.data))
        return self.client.get(path, dict(row.data))

    def ask(self, row: Row) -> int:
        """The status of the answer to one row."""
        return self.open(row).status_code
