"""What was done with Malachi, contact by contact."""

from __future__ import annotations

from dataclasses import dataclass

from access.categories import Category
from casework.enums import Attendance, Mode

EXIT, HARM, OFFENDING = Category.EXITING_GANG, Category.HARM, Category.OFFENDING
HOUSING, HEALTH, PEERS = Category.HOUSING, Category.HEALTH, Category.RELATIONSHIPS
FAMILY, WORK, CLINICAL = Category.FAMILY, Category.EMPLOYMENT, Category.CLINICAL

CLUB = "The Arches youth club"
OFFICE = "Threshold Youth, Canal Street"


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact, so many days before the demo is loaded."""

    ago: int
    clock: str
    who: str
    categories: tuple[Category, ...]
    kind: str
    minutes: int
    place: str
    note: str
    next_step: str = ""
    attendance: str = Attendance.CAME
    mode: str = Mode.FACE_TO_FACE
    later: int = 0


def _lead(
    ago: int, clock: str, categories: tuple[Category, ...], kind: str, minutes: int,
    place: str, note: str, next_step: str = "", **more: str | int,
) -> Contact:  # fmt: skip
    return Contact(
        ago,
        clock,
        "lead-worker",
        categories,
        kind,
        minutes,
        place,
        note,
        next_step,
        **more,  # type: ignore[arg-type]
    )


MISSED = Attendance.DID_NOT_COME
WITH_OTHERS = Mode.WITH_OTHERS
PHONE = Mode.PHONE

CONTACTS: tuple[Contact, ...] = (
    _lead(302, "14:00", (HOUSING,), "practical-help", 45, "Visits hall, by video",
          "First talk before his release. He has nowhere to go but a friend’s sofa. Wants “a door"
          " that locks”. Agreed to be met at the gate.",
          "Meet at the gate on the day", mode=Mode.VIDEO),
    _lead(299, "09:30", (HOUSING, WORK), "practical-help", 240, "Prison gate, then town",
          "Met at the gate. Breakfast, phone credit, a travel card. He has £82 and no ID. Sofa at"
          " a friend’s for now.", "Birth certificate; social care"),
    _lead(296, "17:30", (PEERS, EXIT), "youth-club-session", 90, CLUB,
          "First evening at the club. Watched, then played table tennis. Says nobody asks"
          " questions here.", "Here on Tuesdays and Thursdays"),
    _lead(294, "11:00", (HOUSING, FAMILY), "housing-advocacy", 75, "Social care, by phone",
          "Rang the leaving-care team with him. He is a former relevant child: they owe him a"
          " personal adviser and a pathway plan, and nobody had told him.",
          "Written request for his adviser", mode=WITH_OTHERS),
    _lead(291, "13:00", (HARM,), "safety-planning", 60, CLUB,
          "Mapped where he can and can’t walk. The stabbing two years ago is why he crosses three"
          " roads to reach probation.", "Safety plan into the record"),
    _lead(287, "10:30", (WORK,), "practical-help", 80, "Post office and bank",
          "Provisional licence as ID; basic bank account opened.", "Universal Credit claim"),
    Contact(284, "11:00", "clinician", (HEALTH,), "psychotherapy", 50, OFFICE,
            "First meeting. Sleeps three hours. Agreed to six sessions, at his pace.",
            "Next week, same time"),
    Contact(282, "14:00", "jobcentre-adviser", (WORK,), "benefits", 45, OFFICE,
            "Universal Credit claim made together; care-leaver premium and advance explained.",
            "Decision in five weeks; advance on Friday"),
    _lead(280, "17:30", (PEERS,), "youth-club-session", 90, CLUB,
          "Helped to set up. Talked with the coach about the railway arches above: he knows every"
          " class of train."),
    Contact(277, "11:00", "clinician", (CLINICAL,), "psychotherapy", 50, OFFICE,
            "Second session. Returned twice to the night of the stabbing, in fragments. Grounding"
            " practised; he set the pace.", "Sleep diary, if he likes"),
    _lead(273, "12:00", (HOUSING,), "housing-advice", 60, "Northmarsh Housing Options",
          "Homelessness application made: priority need as a care leaver under 21.",
          "Personal housing plan", mode=WITH_OTHERS),
    Contact(270, "16:00", "family-worker", (FAMILY,), "family-work", 70, "His grandmother’s flat",
            "His grandmother wants him at Sunday dinner, and not to be lied to. He came; they"
            " cooked.", "Dinner every second Sunday"),
    _lead(266, "15:00", (OFFENDING,), "triggers", 60, CLUB,
          "Talked about what makes him carry. “It’s not to use it. It’s so they know.” He does not"
          " carry to the club.", "What would make the walk feel safe?"),
    Contact(263, "11:00", "clinician", (CLINICAL,), "psychotherapy", 50, OFFICE, "", "",
            attendance=MISSED),
    _lead(259, "11:30", (HOUSING,), "housing-advocacy", 45, OFFICE,
          "Leaving-care team allocated a personal adviser, after a formal letter.",
          "Joint meeting", mode=WITH_OTHERS),
    Contact(254, "14:00", "jobcentre-adviser", (WORK,), "cv-and-pre-employment", 60, OFFICE,
            "First CV. He put the railway as what he wants; we left it at the top.",
            "Find out about engineering traineeships"),
    _lead(250, "17:30", (EXIT,), "understanding-why", 75, CLUB,
          "How it began: moved placement four times at 14, the older boys fed him. Wanted a family"
          " and got a debt.", "His words into the plan"),
    _lead(243, "10:00", (HOUSING, FAMILY), "professionals-meeting", 60, "Civic Centre",
          "Pathway plan signed: rent guarantee, setting-up allowance, adviser every month.",
          "", mode=WITH_OTHERS),
    Contact(238, "11:00", "clinician", (CLINICAL,), "psychotherapy", 50, OFFICE,
            "Came back after three missed weeks and said why. Nightmares fewer.", ""),
    _lead(231, "13:00", (WORK,), "benefits", 40, "Phone",
          "First full payment. Budgeted it with him: rent first, then food, then his sister’s"
          " birthday.", "", mode=PHONE),
    _lead(224, "17:30", (PEERS, HARM), "social-media", 60, CLUB,
          "Went through his accounts with him: old videos down, location off.", "Ask his cousin to"
          " take one down"),
    _lead(214, "19:00", (HARM,), "safety-planning", 45, "Phone",
          "Shooting two doors from his friend’s flat last night. He is not hurt. Will not go"
          " outside alone.", "See him tomorrow; tell the unit", mode=PHONE),
    _lead(211, "15:00", (OFFENDING, HARM), "check-in", 90, "Police station, then a café",
          "Released under investigation. He carried a knife to his probation appointment, through"
          " the place where he was stabbed. Ashamed; thought I would drop him. I said we don’t.",
          "Solicitor; letter to the court"),
    _lead(207, "11:00", (OFFENDING,), "offending-mapping", 90, OFFICE,
          "Wrote out the hour before, step by step. Chose three points where he could have rung"
          " me.", "Appointments moved to another office"),
    _lead(204, "14:00", (OFFENDING,), "practical-help", 120, OFFICE,
          "Letter to the court: what he has done since release, the offer of accommodation, and"
          " where he was walking that day. Read it to him first; he changed one line.",
          "To his solicitor by Friday", mode=WITH_OTHERS),
    _lead(198, "09:30", (OFFENDING,), "check-in", 180, "Magistrates’ court",
          "Suspended sentence, with rehabilitation days. The magistrate quoted the letter. He rang"
          " his grandmother from the steps.", "Probation in another office"),
    Contact(193, "16:00", "family-worker", (FAMILY,), "family-work", 60, "His grandmother’s flat",
            "Told her about court himself. She was angry, then fed him.", ""),
    _lead(187, "12:00", (HOUSING,), "housing-advocacy", 60, "Northmarsh Housing Options",
          "Supported room offered, in an area that he chose. Viewed it with him.",
          "Licence agreement", mode=WITH_OTHERS),
    Contact(181, "14:00", "jobcentre-adviser", (WORK,), "cv-and-pre-employment", 60, OFFICE,
            "Railway engineering traineeship opens in spring: maths at level 2 needed.",
            "Maths class, Wednesdays"),
    Contact(176, "11:00", "clinician", (CLINICAL,), "psychotherapy", 50, OFFICE,
            "Spoke of the court day as the first time somebody stood up for him.", ""),
    _lead(168, "10:00", (HOUSING,), "independent-living", 150, "His room",
          "Moved in. Bed, kettle, key. Sat on the floor and ate chips.", "Council tax; meter"),
    _lead(161, "17:30", (PEERS,), "youth-club-session", 90, CLUB,
          "First time he has come in a shirt. Helps a 15-year-old with his maths."),
    _lead(147, "15:00", (EXIT,), "exit-planning", 75, CLUB,
          "Owes nobody now; the cousin squared it. Number changed. Says he misses belonging, not"
          " the rest.", "What belongs to him now?"),
    Contact(140, "14:00", "jobcentre-adviser", (WORK,), "placement", 60, OFFICE,
            "Interview practice; boots and interview clothes paid for.", "Interview on the 9th"),
    _lead(133, "12:30", (WORK,), "placement", 90, "Railway training centre",
          "Interview. They liked that he knew the signalling.", "Offer in a week"),
    Contact(124, "10:00", "duty-worker", (HOUSING,), "tenancy-sustainment", 30, "Phone",
            "While Aaliyah is away: a letter about arrears turned out to be the last tenant’s.",
            "", mode=PHONE),
    _lead(112, "17:30", (PEERS, WORK), "youth-club-session", 90, CLUB,
          "Starts on Monday. The club gave him a torch.", ""),
    Contact(104, "16:00", "family-worker", (FAMILY,), "siblings", 60, "The park",
            "Out with his sister, first time alone. She is twelve and talks for both.", ""),
    _lead(91, "18:30", (WORK,), "placement", 45, CLUB,
          "Four weeks in and not late once. Tired in a good way.", "Payslip: check the tax"),
    Contact(83, "11:00", "clinician", (HEALTH, CLINICAL), "psychotherapy", 50, OFFICE,
            "Last of the planned sessions. Sleeps six hours. Knows how to come back.", ""),
    _lead(70, "18:00", (HEALTH,), "physical-health", 45, "Dentist", "", "Another appointment",
          attendance=MISSED),
    _lead(55, "18:30", (PEERS, EXIT), "identity-and-belonging", 60, CLUB,
          "Who he is when nobody is watching: “someone who fixes things”.", "Talk about stepping"
          " down"),
    _lead(44, "18:30", (HOUSING, WORK), "check-in", 60, CLUB,
          "Talked about stepping down. Afraid of being dropped; agreed that the club stays and"
          " that I ring at four, twelve and twenty-six weeks.", "Visit the Carriageworks together"),
    _lead(30, "18:00", (WORK, PEERS), "professionals-meeting", 75, "The Carriageworks",
          "Visited together, met his mentor. He asked the questions.", "First evening on his own",
          mode=WITH_OTHERS),
    _lead(16, "18:30", (HOUSING,), "tenancy-sustainment", 45, CLUB,
          "Move-on flat: form sent with the adviser. He filled it in himself.", "", later=1),
    _lead(8, "18:30", (WORK, HOUSING), "check-in", 40, CLUB,
          "Passed his first unit. Goes to the Carriageworks on Mondays without being rung.",
          "Last review in four weeks"),
)  # fmt: skip
