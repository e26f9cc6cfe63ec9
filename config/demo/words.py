"""Invented words for the stories: why somebody came, what they want, what was done."""

from __future__ import annotations

from access.categories import Category
from casework.enums import EventKind, PartPlayed

WHY_NOW: dict[str, tuple[str, ...]] = {
    "self": ("Came in alone: “I’m tired of looking over my shoulder.”",
             "Wrote through the page: wants to talk to somebody who is not the police."),
    "peer": ("A friend whom we know brought them along to the club.",),
    "family": ("A mother found money and a second phone, and is frightened.",
               "An aunt rang: has not slept at home for a week."),
    "hospital": ("Stab wound to the arm, discharged tonight. Wants to talk, maybe.",
                 "Second time in the department this year; this time said yes to a visit."),
    "prison": ("Released next week with no address.", "Asked the resettlement worker for help."),
    "police": ("Found at an address that was being used to deal from; treated as at risk.",
               "Threatened outside college; will not make a statement."),
    "youth_justice": ("The order ends in a month, and somebody should stay.",),
    "probation": ("Keeps missing appointments because of the way there.",),
    "school": ("Suspended twice this term; was carrying something “for the walk home”.",
               "Has stopped coming in since a fight at the bus stop."),
    "social_care": ("Moved placement three times; older boys wait outside in a car.",),
    "housing": ("The family asked to move after a threat at the door.",),
    "jobcentre": ("Missed signing on: says that the office is in the wrong area.",),
    "charity": ("Comes to our football and asked who could help with the rest.",),
    "outreach": ("Met three Fridays running by the station; today asked for the card.",),
}  # fmt: skip

WANTS = (
    "To be left alone, and a job.", "Somewhere of my own.", "To get back into college.",
    "To sleep.", "For Mum to stop worrying.", "To stop looking behind me.",
    "To see my son.", "To learn a trade.", "Someone to talk to who doesn’t tell everyone.",
)  # fmt: skip

GOALS: dict[Category, tuple[str, ...]] = {
    Category.EXITING_GANG: ("I want out, and nobody hurt.", "I don’t want to owe them.",
                            "I want a new number and nobody in it."),
    Category.HARM: ("I want to get the bus like everyone else.", "Stop the videos of me.",
                    "I want to feel safe at home."),
    Category.OFFENDING: ("Finish my order and be done.", "Walk away when it kicks off.",
                         "I don’t want to carry."),
    Category.HOUSING: ("My own front door.", "Not move again.", "A place where my son can stay."),
    Category.HEALTH: ("Sleep.", "Smoke less.", "Not feel angry all day."),
    Category.RELATIONSHIPS: ("Friends who aren’t in it.", "Trust somebody.",
                             "Be good to the person I love."),
    Category.FAMILY: ("Eat with my mum without a row.", "See my brother.",
                      "Dad to come to something."),
    Category.EMPLOYMENT: ("Get my plumbing card.", "A job I don’t have to hide from.",
                          "Pass maths this time."),
}  # fmt: skip

KINDS: dict[Category, tuple[str, ...]] = {
    Category.EXITING_GANG: ("understanding-why", "exit-planning"),
    Category.HARM: ("safety-planning", "social-media", "how-they-come-across"),
    Category.OFFENDING: ("offending-mapping", "conflict-resolution", "triggers"),
    Category.HOUSING: ("housing-advice", "housing-advocacy", "independent-living",
                       "tenancy-sustainment"),
    Category.HEALTH: ("help-to-health-services", "physical-health", "substance-use"),
    Category.RELATIONSHIPS: ("healthy-relationships", "how-others-are-affected",
                             "youth-club-session"),
    Category.FAMILY: ("family-work", "mediation", "parents-understanding"),
    Category.EMPLOYMENT: ("cv-and-pre-employment", "benefits", "placement"),
}  # fmt: skip

NOTES: dict[Category, tuple[str, ...]] = {
    Category.EXITING_GANG: (
        "Talked about who was around at the time, and what it gave them.",
        "Drew the circle of people; moved two of them out of it.",
        "First time said the word “out”. Did not push.",
        "A debt is still open. Agreed what to say, and to whom."),
    Category.HARM: (
        "Went over the route to college; agreed on the other bus.",
        "Took two posts down together and turned the location off.",
        "Quiet today. Something happened at the weekend; will say when ready.",
        "Checked the safety plan: the number to call still works."),
    Category.OFFENDING: (
        "Walked through the day it happened, hour by hour.",
        "Practised leaving. Laughed at how hard it is.",
        "Order going well; reparation on Saturdays.",
        "Named three triggers; hunger was one of them."),
    Category.HOUSING: (
        "Rang the council together; on hold for forty minutes, then an appointment.",
        "Viewed a room. Too near the old estate, and said so.",
        "Form filled in; needs proof of address.",
        "Rent paid on time for the third month."),
    Category.HEALTH: (
        "Registered with a doctor. Would like the same one each time.",
        "Smoking less; sleeping more.", "Spoke about the scar for the first time.",
        "Went to the dentist together."),
    Category.RELATIONSHIPS: (
        "Talked about what jealous looks like.", "Came with a friend from football.",
        "Good session; stayed to wash up.", "Thought about how a little sister hears it all."),
    Category.FAMILY: (
        "Mother joined for half an hour. Both listened.", "Sunday lunch happened.",
        "Dad did not come; talked about that instead.",
        "Explained to the parents what they can look out for."),
    Category.EMPLOYMENT: (
        "CV finished and sent to two places.", "Trial shift went well.",
        "Universal Credit journal answered together.",
        "Site-skills card booked for the 14th."),
}  # fmt: skip

PLACES = ("The Arches youth club", "A café", "Threshold Youth, Canal Street", "At home",
          "The gym", "College", "Walking", "Civic Centre", "Harbour Road library")  # fmt: skip
NEXT = ("Same time next week", "Ring on Thursday", "Bring the letter", "", "", "Ask about the form")

EVENTS: tuple[tuple[str, str, tuple[Category, ...], str, str], ...] = (
    (EventKind.INJURY, PartPlayed.HARMED, (Category.HARM,), "Cut on the hand, stitched at A&E.",
     "Hospital letter"),
    (EventKind.ARREST, PartPlayed.CAUSED_HARM, (Category.OFFENDING,),
     "Arrested after a fight outside a shop.", "Custody record"),
    (EventKind.MISSING, PartPlayed.AT_RISK, (Category.HARM,), "Away from home for two nights.",
     "Mother, by phone"),
    (EventKind.SUSPENSION, PartPlayed.NONE, (Category.EDUCATION,), "Suspended for three days.",
     "School letter"),
    (EventKind.MOVE, PartPlayed.NONE, (Category.HOUSING,), "Moved to a hostel.", "Worker, there"),
    (EventKind.BEREAVEMENT, PartPlayed.NONE, (Category.FAMILY,), "A close friend was killed.",
     "The young person"),
    (EventKind.GOOD_NEWS, PartPlayed.NONE, (Category.EMPLOYMENT,), "Started an apprenticeship.",
     "Contract seen"),
    (EventKind.COURT, PartPlayed.WITNESS, (Category.OFFENDING,),
     "Gave evidence behind a screen.", "At court"),
)  # fmt: skip

DANGERS = ("People from another area know where they live.", "Was followed home last month.",
           "A debt that others want paid.", "An ex-partner who turns up.")  # fmt: skip
UNSAFE = ("The bus stop by the parade.", "The old estate after dark.", "The shopping centre.")
SAFE = ("The Arches youth club.", "An aunt’s flat.", "College, inside.", "The gym.")
HELPS = ("Being met at the station.", "A text before and after.", "Music on, one earphone only.")

DECISIONS = (
    "Lead to see them by Friday; the unit keeps to the other side of the estate.",
    "No change; next week again.", "Ask college for a different way in.",
    "Offer the club on Thursday; housing to answer.", "Lead rings the family today.",
)  # fmt: skip
WHY_AGENDA = ("Not seen for ten days", "Threat at the weekend", "Moves on Monday",
              "Court this week", "Alert overnight", "Goals reached: step down?")  # fmt: skip
JOBS = (
    "Ring the family and say who is coming", "Ask the college for a later start",
    "Send the homelessness form", "Book the driving-theory test", "Find out the court date",
    "Take them to the Thursday session", "Call the doctor’s about the referral",
    "Check that the safety plan is still right", "Visit at home with the lead",
)  # fmt: skip
