"""The register of lawful bases and gateways, as the first version of the data.

`migrations/0002_lawful_bases.py` writes these rows once; the register is kept up to date
as data afterwards. Source: the design page on law (England and Wales; not legal advice).
Consent is no row here: it is recorded as consent, not decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from access.categories import ALL, COMPONENTS, EVERY, Category

PUBLIC_BODIES = (
    "council", "police", "probation", "youth_justice", "health", "school", "housing",
    "jobcentre", "prison", "integrated_unit",
)  # fmt: skip
SUPPORT = ALL - {Category.SAFE_ADDRESS, Category.CLINICAL}
NO_HEALTH = SUPPORT - {Category.HEALTH}
SAFEGUARDING = ALL - {Category.SAFE_ADDRESS}
AGAINST_CRIME = frozenset(
    {
        Category.POINTER, Category.IDENTITY, Category.CONTACT, Category.SAFETY, Category.HARM,
        Category.EXITING_GANG, Category.OFFENDING, Category.TASKING, Category.ENFORCEMENT,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One lawful basis: who may share by it, what, and from when."""

    code: str
    name: str
    categories: frozenset[Category]
    effective_from: date | None
    who: tuple[str, ...] = ()
    """Kinds of agency that may share by it; none named: all."""
    must_record: str = ""


ROWS: tuple[Row, ...] = (
    Row(
        "public-task",
        "Public task (UK GDPR Article 6(1)(e))",
        SUPPORT,
        date(2018, 5, 25),
        PUBLIC_BODIES,
        "The function of the public body, and the condition for special-category data",
    ),
    Row(
        "law-enforcement",
        "Law-enforcement processing (Data Protection Act 2018 Part 3)",
        AGAINST_CRIME,
        date(2018, 5, 25),
        ("police", "probation", "youth_justice", "prison", "integrated_unit"),
        "Why it is strictly necessary, and the part played in the event",
    ),
    Row(
        "legitimate-interests",
        "Legitimate interests (UK GDPR Article 6(1)(f))",
        SUPPORT,
        date(2018, 5, 25),
        ("voluntary", "community", "housing", "school"),
        "The interest, and why the young person’s own do not outweigh it",
    ),
    Row(
        "recognised-legitimate-interest",
        "Recognised legitimate interest: safeguarding (UK GDPR Article 6(1)(ea))",
        SAFEGUARDING,
        date(2026, 2, 5),
        ("voluntary", "community", "housing", "school"),
        "Who is at risk and of what; for an adult, why they are at risk",
    ),
    Row(
        "vital-interests",
        "Vital interests (UK GDPR Article 6(1)(d))",
        EVERY - {Category.ENFORCEMENT},
        date(2018, 5, 25),
        (),
        "The danger to life, and why it could not wait",
    ),
    Row(
        "legal-obligation",
        "Legal obligation or court order (UK GDPR Article 6(1)(c))",
        EVERY - {Category.SAFE_ADDRESS},
        date(2018, 5, 25),
        (),
        "The order or provision, and its date",
    ),
    Row(
        "crime-and-disorder-act-s115",
        "Crime and Disorder Act 1998 section 115",
        AGAINST_CRIME,
        date(1998, 9, 30),
        # Relevant authorities alone: a voluntary body is none.
        ("council", "police", "probation", "youth_justice", "health", "housing"),
        "The relevant authority, and the strategy that it serves",
    ),
    Row(
        "serious-violence-duty-s16",
        "Serious Violence Duty: Police, Crime, Sentencing and Courts Act 2022 section 16",
        # Never patient information, nor what health or social care holds of a person.
        AGAINST_CRIME - {Category.ENFORCEMENT},
        date(2023, 1, 31),
        ("council", "police", "probation", "youth_justice", "school", "prison"),
        "The gateway used; it carries no patient or social-care information",
    ),
    Row(
        "children-act-1989-s47",
        "Children Act 1989 sections 17 and 47: a child in need or at risk",
        SAFEGUARDING,
        date(1991, 10, 14),
        ("council", "police", "health", "school", "housing", "youth_justice", "probation"),
        "The child, and the harm that is likely",
    ),
    Row(
        "children-act-2004-s10-s11",
        "Children Act 2004 sections 10 and 11: to co-operate and to safeguard",
        SUPPORT,
        date(2005, 4, 1),
        PUBLIC_BODIES,
        "The function that is served",
    ),
    Row(
        "children-act-2004-s16la",
        "Children Act 2004 section 16LA: duty to share information (not in force yet)",
        SAFEGUARDING,
        # Awaiting commencement: can't be chosen before a date is set.
        None,
        PUBLIC_BODIES,
        "That the duty was considered, and the detriment if not sharing",
    ),
    Row(
        "care-act-2014-s42-s45",
        "Care Act 2014 sections 42 and 45: an adult at risk",
        SAFEGUARDING,
        date(2015, 4, 1),
        ("council", "police", "health", "housing", "probation", "prison", "jobcentre"),
        "Why the adult is at risk, and of what",
    ),
    Row(
        "offender-management-act-2007-s14",
        "Offender Management Act 2007 section 14",
        NO_HEALTH,
        date(2008, 4, 1),
        ("probation", "prison", "police", "youth_justice"),
        "The management of which sentence",
    ),
    Row(
        "overriding-public-interest",
        "Overriding public interest, where a duty of confidence is owed",
        frozenset({Category.POINTER, Category.SAFETY, Category.HARM, *COMPONENTS}),
        date(2018, 5, 25),
        (),
        "Why the interest outweighs the confidence; who decided (Caldicott guardian)",
    ),
)


RECIPIENTS: dict[str, tuple[str, ...]] = {
    # Disclosure to a relevant authority, or to who acts on its behalf: a voluntary body is none.
    "crime-and-disorder-act-s115": (
        "council", "police", "probation", "youth_justice", "health", "housing", "integrated_unit",
    ),
    "offender-management-act-2007-s14": ("probation", "prison", "police", "youth_justice"),
}  # fmt: skip
"""Kinds of agency that may be given information by a basis, where the law names them."""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition for special-category or offence data."""

    code: str
    name: str
    special: bool
    offence: bool
    needs_limb: bool = False


CONDITIONS: tuple[ConditionRow, ...] = (
    ConditionRow(
        "safeguarding",
        "Safeguarding of children and of adults at risk (DPA 2018 Sch 1 para 18)",
        True, True, True,
    ),
    ConditionRow(
        "health-or-social-care",
        "Health or social care, under a duty of confidence (Article 9(2)(h); Sch 1 para 2)",
        True, True,
    ),
    ConditionRow(
        "vital-interests",
        "Vital interests, when they can’t consent (Article 9(2)(c); Sch 1 para 30)",
        True, True,
    ),
    ConditionRow(
        "preventing-unlawful-acts",
        "Preventing or detecting unlawful acts (Sch 1 para 10)", True, True,
    ),
    ConditionRow(
        "statutory-purposes", "Statutory and government purposes (Sch 1 para 6)", True, True,
    ),
    ConditionRow(
        "support-for-individuals",
        "Support for people with a particular disability or condition (Sch 1 para 16)", True, True,
    ),
    ConditionRow(
        "legal-claims", "Legal claims and courts (Article 9(2)(f); Sch 1 para 33)", True, True,
    ),
    ConditionRow(
        "law-enforcement-strictly-necessary",
        "Law enforcement: strictly necessary (DPA 2018 s.35 and Sch 8)", True, True,
    ),
    ConditionRow("official-authority", "Control of official authority (Article 10)", False, True),
)  # fmt: skip
