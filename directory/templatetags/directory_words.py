"""Filters that put the directory's rows into words."""

from __future__ import annotations

import re

from django import template

from directory import words
from directory.enums import Status
from directory.models import CostOption, Phone, Schedule, Service

register = template.Library()

_COLOURS = {
    Status.ACTIVE: "govuk-tag--green",
    Status.TEMPORARILY_CLOSED: "govuk-tag--yellow",
    Status.INACTIVE: "govuk-tag--grey",
    Status.DEFUNCT: "govuk-tag--grey",
}


@register.filter
def ages(service: Service) -> str:
    """The ages that a service takes, "" when it does not say."""
    return words.ages(service.minimum_age, service.maximum_age)


@register.filter
def opening(schedule: Schedule) -> str:
    """When something is open, in one line, without its description."""
    when = " ".join(
        filter(
            None,
            (
                words.days(schedule.byday, schedule.freq) if schedule.byday else "",
                words.hours(schedule.opens_at, schedule.closes_at),
            ),
        )
    )
    last = schedule.until or schedule.valid_to
    return f"{when}, until {words.day(last)}" if when and last else when


@register.filter
def cost(option: CostOption) -> str:
    """What something costs, in one line."""
    price = words.price(option.amount, option.currency)
    whole = " ".join(filter(None, (price, option.amount_description)))
    return ": ".join(filter(None, (option.option, whole)))


@register.filter
def status_colour(service: Service) -> str:
    """The class of the status tag."""
    return _COLOURS.get(Status(service.status), "")


@register.filter
def dial(phone: Phone) -> str:
    """The number as a telephone takes it."""
    return re.sub(r"[^0-9+]", "", phone.number)
