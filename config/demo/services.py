"""The demo's community services, all invented: the one module that fills the directory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from access.actor import Actor, Member
from config.demo.stage import OPERATOR, Stage
from directory.actions import service as services
from directory.actions.details import Details, Place
from directory.models import Organization, Service


@dataclass(frozen=True, slots=True)
class Offer:
    """One service, who runs it, what it is and for whom."""

    organization: str
    name: str
    description: str
    ages: tuple[int, int]
    times: str
    address: str
    postcode: str
    areas: tuple[str, ...] = ("Lambeth", "Southwark", "Lewisham")
    step_down: bool = True
    in_feed: bool = True


OFFERS: tuple[Offer, ...] = (
    Offer("The Carriageworks", "The Carriageworks mentoring",
          "Mentors from the railway trades: somebody to talk work over with, for as long as it"
          " helps.", (16, 25), "Monday to Thursday, 4pm to 8pm", "Arch 41, Signal Yard", "SE1 0AA",
          ("Lambeth", "Southwark", "Lewisham", "Greenwich")),
    # Safe because few know who goes there: never in the open feed.
    Offer("The Arches", "The Arches youth club",
          "Open evenings with table tennis, a kitchen and a quiet room.", (11, 25),
          "Tuesday, Thursday and Saturday, 5pm to 9pm", "Arches 7 to 9, Canal Street", "SE5 0AA",
          ("Lambeth", "Southwark"), in_feed=False),
    Offer("Kettle House", "Kettle House supported lodgings",
          "A room in the home of a trained host, for six months to two years.", (16, 21),
          "Office: weekdays, 9am to 5pm", "12 Mast Lane", "SE14 0AA", in_feed=False),
    Offer("Northmarsh Boxing Gym", "Gloves and Homework",
          "Boxing for an hour, homework for an hour.", (11, 18), "Weekdays, 4pm to 6pm",
          "2 Foundry Road", "SW9 0AA"),
    Offer("Open Door Counselling", "Open Door for young adults",
          "Free counselling, with no letter from a doctor.", (14, 25), "By appointment",
          "88 Chapel Walk", "SE15 0AA", ("Lambeth", "Southwark", "Lewisham", "Croydon")),
    Offer("Second Kitchen", "Second Kitchen training café",
          "Paid trial shifts, food hygiene, and a reference.", (16, 30), "Every day, 8am to 4pm",
          "5 Market Row", "SW2 0AA"),
    Offer("Mothers Together", "Mothers Together",
          "Parents whose children were hurt, or caused hurt, among themselves.", (18, 99),
          "First Sunday of the month", "St Brendan’s hall", "SE8 0AA", step_down=False),
    Offer("Harland Road Mosque", "Friday youth circle",
          "Mentoring, football and a meal; everybody is welcome.", (12, 21), "Fridays, 6pm",
          "60 Harland Road", "SE4 0AA", ("Lewisham",)),
    Offer("St Brendan’s Church", "St Brendan’s drop-in",
          "Hot meals, laundry, post held, advice.", (16, 99), "Weekdays, 11am to 3pm",
          "St Brendan’s hall", "SE8 0AA", ("Lewisham", "Greenwich"), step_down=False),
    Offer("Build Northmarsh", "Build Northmarsh apprenticeships",
          "Site-skills card, four weeks on site, then an apprenticeship.", (16, 24),
          "Intake every second month", "Unit 3, Brickfield", "SE16 0AA"),
    Offer("Studio 12", "Studio 12 sound engineering",
          "Recording and live sound, with a qualification at the end.", (13, 25),
          "Wednesday to Saturday, 3pm to 9pm", "12 Loading Bay", "E8 0AA",
          ("Hackney", "Islington")),
    Offer("Bright Futures Law", "Young people’s law clinic",
          "Housing, suspension from school, benefits: free advice and letters.", (13, 25),
          "Tuesday evenings and by phone", "1 Temple Court", "SE11 0AA", step_down=False),
    Offer("Wheels for Change", "Wheels for Change bike workshop",
          "Mend one and keep it; mechanics at level 1.", (12, 25), "Thursday and Sunday",
          "Under the viaduct", "SE10 0AA", ("Greenwich", "Lewisham")),
)  # fmt: skip


def seed(stage: Stage) -> None:
    """Put all services on the schedule, and a manager's checks of most of them."""
    for place, offer in enumerate(OFFERS):
        stage.plan(stage.calendar.at(560, "10:00"), OPERATOR, partial(_add, offer))
        # The rest shows what has not been checked for a while.
        if place % 4 != 3:
            checked = stage.calendar.at(20 + 13 * place, "11:50")
            stage.plan(checked, "charity-manager", partial(_check, offer))


def _check(offer: Offer, by: Actor) -> None:
    assert isinstance(by, Member)
    services.mark_checked(service_id=service(offer.name).pk, by=by)


def _add(offer: Offer, by: Actor) -> None:
    youngest, oldest = offer.ages
    services.add(
        organization=Organization.objects.filter(name=offer.organization).first(),
        new_organization=offer.organization,
        about_organization="",
        values={
            "name": offer.name,
            "description": offer.description,
            "minimum_age": youngest,
            "maximum_age": oldest,
            "takes_step_down": offer.step_down,
            "in_feed": offer.in_feed,
            "application_process": "Ring or write; the young person can do it themselves.",
        },
        details=Details(
            phone="020 7946 0150",
            opening_times=offer.times,
            areas=offer.areas,
            place=Place(
                name=offer.organization,
                address=offer.address,
                town="London",
                postcode=offer.postcode,
            ),
        ),
        by=by,
    )


def service(name: str) -> Service:
    """A service of the demo by its name."""
    return Service.objects.get(name=name)
