"""Who can sign in to the demo, and what each is there to show."""

from __future__ import annotations

from dataclasses import dataclass

from access.roles import Role

PASSWORD = "demo-only-password"  # noqa: S105 (of invented people, on one machine)
"""For all of them; refused where neither DEBUG nor DEMO is on."""


@dataclass(frozen=True, slots=True)
class Place:
    """An agency of the demo."""

    slug: str
    name: str
    kind: str
    phone: str


PLACES: tuple[Place, ...] = (
    Place("lead-charity", "Threshold Youth", "voluntary", "020 7946 0101"),
    Place("borough-unit", "Northmarsh Integrated Unit", "integrated_unit", "020 7946 0102"),
    Place("police", "Northmarsh Police", "police", "020 7946 0103"),
    Place("jobcentre", "Northmarsh Jobcentre", "jobcentre", "020 7946 0104"),
    Place("housing", "Northmarsh Housing Options", "housing", "020 7946 0105"),
    Place("school", "Harbour Road School and Sixth Form", "school", "020 7946 0106"),
    Place("prison-charity", "Through the Gate", "voluntary", "020 7946 0107"),
    Place("hospital-charity", "Bedside", "voluntary", "020 7946 0108"),
    Place("other-borough", "Eastmere Integrated Unit", "integrated_unit", "020 7946 0109"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in, what they work as, and what they show of YP-DEMO1."""

    username: str
    name: str
    slug: str
    role: Role
    towards: str = ""
    home: str | None = None


SIGN_INS: tuple[SignIn, ...] = (
    SignIn("lead-worker", "Aaliyah Grant", "lead-charity", Role.PRACTITIONER, "leads"),
    SignIn(
        "family-worker", "Dorothea Mills", "lead-charity", Role.PRACTITIONER,
        "on the team: contact, safety, family",
    ),
    SignIn(
        "clinician", "Dr Ravi Chandran", "lead-charity", Role.CLINICIAN,
        "on the team: safety, health, therapy notes",
    ),
    SignIn("colleague", "Tomasz Wrona", "lead-charity", Role.PRACTITIONER, "only whom to ask"),
    SignIn(
        "charity-manager", "Yvonne Baptiste", "lead-charity", Role.MANAGER,
        "manager of the lead agency",
    ),
    SignIn(
        "unit-manager", "Gareth Pugh", "borough-unit", Role.MANAGER,
        "by consent: safety, harm, education, employment, tasking",
    ),
    SignIn(
        "unit-worker", "Nadia Rahimi", "borough-unit", Role.PRACTITIONER,
        "the same, as one of the unit; leads other cases",
    ),
    SignIn(
        "police-officer", "PC Luke Ferris", "borough-unit", Role.PRACTITIONER,
        "what the unit sees, cut by the unit’s agreement with the police", home="police",
    ),
    SignIn("police-officer", "PC Luke Ferris", "police", Role.PRACTITIONER, "nothing"),
    SignIn(
        "jobcentre-adviser", "Comfort Asante", "jobcentre", Role.PRACTITIONER,
        "on the team: employment",
    ),
    SignIn(
        "housing-officer", "Imran Qureshi", "housing", Role.PRACTITIONER,
        "by consent, named: housing, contact",
    ),
    SignIn(
        "school-lead", "Bridget O’Farrell", "school", Role.PRACTITIONER,
        "nothing: a sharing decision that has ended",
    ),
    SignIn(
        "prison-worker", "Michael Acheampong", "prison-charity", Role.PRACTITIONER,
        "nothing: made the referral, long ago",
    ),
    SignIn(
        "hospital-worker", "Sinead Kelly", "hospital-charity", Role.PRACTITIONER,
        "nothing; emergency access",
    ),
    SignIn("auditor", "Winston Clarke", "lead-charity", Role.AUDITOR, "registers, by reference"),
    SignIn("unit-auditor", "Helen Marsh", "borough-unit", Role.AUDITOR, "registers, by reference"),
    SignIn(
        "administrator", "Petra Novak", "lead-charity", Role.ADMINISTRATOR,
        "no young person’s data",
    ),
    SignIn("analyst", "Joon-ho Park", "borough-unit", Role.ANALYST, "numbers only"),
    SignIn("outsider", "Rachel Stone", "other-borough", Role.PRACTITIONER, "nothing"),
    SignIn(
        "barred", "Devon Pryce", "lead-charity", Role.PRACTITIONER,
        "named on the team, and barred: nothing",
    ),
)  # fmt: skip
"""The named sign-ins: others rely on them."""

BESIDE: tuple[SignIn, ...] = (
    SignIn("duty-worker", "Ola Fashola", "lead-charity", Role.PRACTITIONER, "on duty"),
    SignIn("youth-worker", "Chantelle Price", "lead-charity", Role.PRACTITIONER),
    SignIn("second-manager", "Amit Desai", "lead-charity", Role.MANAGER),
    SignIn("unit-second-manager", "Marian Oyelaran", "borough-unit", Role.MANAGER),
    SignIn("unit-keyworker", "Jamal Whyte", "borough-unit", Role.PRACTITIONER),
    SignIn("unit-duty-worker", "Fiona Campbell", "borough-unit", Role.PRACTITIONER),
    SignIn("unit-deputy", "Sade Okonkwo", "borough-unit", Role.MANAGER),
    SignIn("hospital-manager", "Grace Donnelly", "hospital-charity", Role.MANAGER),
    SignIn("other-manager", "Paul Linden", "other-borough", Role.MANAGER),
    SignIn("borough-unit-administrator", "Lorna Reid", "borough-unit", Role.ADMINISTRATOR),
    SignIn("police-administrator", "Sgt Anne Booth", "police", Role.ADMINISTRATOR),
    SignIn("jobcentre-administrator", "Keith Rowe", "jobcentre", Role.ADMINISTRATOR),
    SignIn("housing-administrator", "Leila Haddad", "housing", Role.ADMINISTRATOR),
    SignIn("school-administrator", "Marcus Webb", "school", Role.ADMINISTRATOR),
    SignIn("prison-charity-administrator", "Ruth Adler", "prison-charity", Role.ADMINISTRATOR),
    SignIn("hospital-charity-administrator", "Omar Said", "hospital-charity", Role.ADMINISTRATOR),
    SignIn("other-borough-administrator", "Jane Frost", "other-borough", Role.ADMINISTRATOR),
)
"""Those whom the stories need besides, with the same password."""

ADMINISTRATORS: dict[str, str] = {
    sign_in.slug: sign_in.username
    for sign_in in (*SIGN_INS, *BESIDE)
    if sign_in.role is Role.ADMINISTRATOR
}
"""By agency: who draws up and confirms its agreements."""
