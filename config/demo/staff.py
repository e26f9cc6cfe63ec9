"""Agencies, accounts, memberships, agreements and rotas of the demo."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from access.actor import Actor
from access.categories import Category
from access.context import transact
from agencies.actions import membership, rota
from agencies.models import User
from config.demo.sign_ins import ADMINISTRATORS, BESIDE, PASSWORD, PLACES, SIGN_INS, SignIn
from config.demo.stage import OPERATOR, Stage
from core.clock import LONDON
from sharing.actions import agreement
from sharing.models import Agreement

OPENED = 570
"""Days ago on which the agencies began to work here."""

BASIC = (Category.POINTER, Category.CONTACT, Category.SAFETY, Category.TASKING)
AGREEMENTS: tuple[tuple[tuple[str, str], str, tuple[Category, ...]], ...] = (
    (
        ("lead-charity", "borough-unit"),
        "Working with the same young people in the borough",
        (*BASIC, Category.IDENTITY, Category.EDUCATION, Category.EXITING_GANG, Category.HARM,
         Category.OFFENDING, Category.HOUSING, Category.FAMILY, Category.EMPLOYMENT),
    ),
    (
        ("lead-charity", "jobcentre"),
        "Work, training and benefits",
        (Category.POINTER, Category.CONTACT, Category.EMPLOYMENT, Category.TASKING),
    ),
    (
        ("lead-charity", "housing"),
        "Housing advice and homelessness applications",
        (Category.POINTER, Category.CONTACT, Category.SAFETY, Category.HOUSING, Category.TASKING),
    ),
    (
        ("borough-unit", "police"),
        "Officers seconded to the unit",
        (Category.POINTER, Category.SAFETY, Category.HARM, Category.OFFENDING,
         Category.TASKING, Category.ENFORCEMENT),
    ),
    (
        ("borough-unit", "jobcentre"),
        "Work, training and benefits",
        (Category.POINTER, Category.CONTACT, Category.EMPLOYMENT, Category.TASKING),
    ),
    (
        ("borough-unit", "housing"),
        "Housing advice and homelessness applications",
        (Category.POINTER, Category.CONTACT, Category.SAFETY, Category.HOUSING, Category.TASKING),
    ),
    (
        ("borough-unit", "school"),
        "Keeping pupils safe and in education",
        (Category.POINTER, Category.CONTACT, Category.SAFETY, Category.EDUCATION,
         Category.TASKING),
    ),
)  # fmt: skip
"""Between whom, for what, carrying what. Nobody has one with the other borough."""

DUTY = (
    ("charity-manager", "duty-worker"),
    ("unit-manager", "unit-duty-worker"),
    ("hospital-manager", "hospital-manager"),
    ("other-manager", "other-manager"),
)
"""Who publishes the rota of their agency, who is on duty. Never a sign-in to whom it would open
more of YP-DEMO1 than it is there to show."""
ROTA_WEEKS = 14
"""How far ahead a rota is published, week by week."""


def arrive(stage: Stage) -> None:
    """Open the agencies and hire everybody, on the first day of the demo."""
    began = stage.calendar.at(OPENED, "09:00")
    with transact(OPERATOR, route="load_demo", at=began):
        for place in PLACES:
            stage.agencies[place.slug] = membership.open_agency(
                name=place.name, slug=place.slug, kind=place.kind, phone=place.phone, by=OPERATOR
            )
        for sign_in in (*SIGN_INS, *BESIDE):
            _hire(stage, sign_in)
        # One hash for all: it is one password, and hashing is slow on purpose.
        User.objects.filter(is_demo=True).update(password=make_password(PASSWORD))
    for parties, purposes, categories in AGREEMENTS:
        _agree(stage, parties, purposes, categories)
    for manager, worker in DUTY:
        for ago in range(7, OPENED - 1, ROTA_WEEKS * 7):
            _publish(stage, ago, manager, worker)


def _hire(stage: Stage, sign_in: SignIn) -> None:
    user = User.objects.filter(username=sign_in.username).first()
    if user is None:
        user = membership.open_account(
            username=sign_in.username,
            name=sign_in.name,
            email=f"{sign_in.username}@example.org",
            password=None,
            is_demo=True,
            by=OPERATOR,
        )
    hat = membership.begin(
        user=user,
        agency=stage.agencies[sign_in.slug],
        role=sign_in.role,
        home_agency=stage.agencies[sign_in.home] if sign_in.home else None,
        by=OPERATOR,
    )
    stage.hats.setdefault(sign_in.username, hat)
    stage.hats[f"{sign_in.username}@{sign_in.slug}"] = hat


def _agree(
    stage: Stage, parties: tuple[str, str], purposes: str, categories: tuple[Category, ...]
) -> None:
    calendar = stage.calendar
    drawn: list[Agreement] = []

    def draw_up(by: Actor) -> None:
        drawn.append(
            agreement.draw_up(
                title=" and ".join(stage.agencies[slug].name for slug in parties),
                purposes=purposes,
                categories=categories,
                parties=[stage.agencies[slug] for slug in parties],
                ends=calendar.at(OPENED, "12:00") + timedelta(days=3 * 365),
                review_on=calendar.day(-120),
                by=by,
            )
        )

    def confirm(by: Actor) -> None:
        agreement.confirm(agreement=drawn[0], by=by)

    first, second = (ADMINISTRATORS[slug] for slug in parties)
    stage.plan(calendar.at(OPENED, "11:00"), first, draw_up)
    stage.plan(calendar.at(OPENED, "11:30"), first, confirm)
    stage.plan(calendar.at(OPENED - 1, "10:00"), second, confirm)


def _publish(stage: Stage, ago: int, manager: str, worker: str) -> None:
    starts = stage.calendar.at(ago, "11:00")
    # By the clock on the wall, so that weeks meet where the clocks change.
    first = starts.astimezone(LONDON)

    def publish(by: Actor) -> None:
        for week in range(ROTA_WEEKS):
            begins = first + timedelta(weeks=week)
            rota.publish(
                user=stage.hats[worker].user,
                starts=begins,
                ends=begins + timedelta(weeks=1),
                by=by,
            )

    stage.plan(starts, manager, publish)
