"""What can be told of a person's facts without asking anybody."""

from __future__ import annotations

import re
from datetime import date

from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs, upn

from people.enums import IdentifierScheme

OLDEST = 130
_PNC = re.compile(r"^(\d{4})/(\d{7})([A-Z])$")
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def birth_date_fault(born: date | None, today: date) -> str:
    """What is wrong with a date of birth; empty when nothing is."""
    if born is None:
        return ""
    if born > today:
        return "Date of birth must be in the past"
    if today.year - born.year > OLDEST:
        return f"Date of birth must be within the last {OLDEST} years"
    return ""


def nhs_fault(number: str) -> str:
    """What is wrong with an NHS number; empty when nothing is."""
    try:
        compact = nhs.validate(number)
    except NumberError:
        return "Enter an NHS number in the format 943 476 5919"
    return "" if set(compact) != {"0"} else "An NHS number can't be all zeros"


def upn_fault(number: str) -> str:
    """What is wrong with a unique pupil number; empty when nothing is."""
    try:
        upn.validate(number)
    except NumberError:
        return "Check the unique pupil number: 13 characters, a letter first"
    return ""


def identifier_fault(scheme: str, number: str) -> str:
    """What is wrong with a number of this scheme; empty when nothing is."""
    faults = {
        IdentifierScheme.NHS: nhs_fault,
        IdentifierScheme.UPN: upn_fault,
        IdentifierScheme.PNC: pnc_fault,
    }
    if scheme not in faults:
        raise KeyError(f"not a scheme of numbers: {scheme}")
    return faults[IdentifierScheme(scheme)](number)


def tidy_identifier(number: str) -> str:
    """A number as it is stored and sought: capitals, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", number).upper()


def pnc_fault(number: str) -> str:
    """What is wrong with a PNC identifier (YYYY/NNNNNNNL); empty when nothing is.

    The letter is the remainder by 23 of the year's last two digits followed by the serial.
    """
    match = _PNC.match(number.strip().upper())
    if match and match[3] == _PNC_LETTERS[int(match[1][2:] + match[2]) % 23]:
        return ""
    return "Enter a PNC number in the format 2003/0062845E"
