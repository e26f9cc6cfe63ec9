"""A consent as FHIR R4 `Consent`: pseudonymous, and only what its reader may know.

The young person is an identifier, never a name; recipients are identifiers too. What is
agreed is a nested `permit` for each recipient with a period and the categories as codes
of our own system, as R4 has none for them. https://hl7.org/fhir/R4/consent.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sharing.enums import Giver

SYSTEM = "urn:throughline"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

Body = dict[str, Any]


def consent(known: Mapping[str, Any], *, now: datetime) -> Body:
    """The resource, from a consent as its reader may know it (`api.v1.consents.bodies`)."""
    lines = list(known["lines"])
    patient = _identified("Patient", "person", known["person"])
    over = known["withdrawn_at"] is not None or all(
        line["ended_at"] is not None or line["until"] <= now for line in lines
    )
    body: Body = {
        "resourceType": "Consent",
        "id": str(known["id"]),
        "status": "inactive" if over else "active",
        "scope": _concept(f"{TERMINOLOGY}/consentscope", "patient-privacy", "Privacy Consent"),
        "category": [_concept("http://loinc.org", "59284-0", "Consent Document")],
        "patient": patient,
        "dateTime": known["given_at"].isoformat(),
        "policyRule": _concept(f"{TERMINOLOGY}/v3-ActCode", "OPTIN", "opt-in"),
        "provision": {"provision": [_permit(line, known.get("purposes", ())) for line in lines]},
    }
    if "giver" in known:
        by_parent = known["giver"] == Giver.PARENT
        # A parent is not named: that there was one is all that a reader needs.
        giver = {"type": "RelatedPerson", "display": "A parent or carer"} if by_parent else patient
        body["performer"] = [giver]
        body["verification"] = [
            {
                "verified": True,
                "verifiedWith": giver,
                "verificationDate": known["given_at"].isoformat(),
            }
        ]
    return body


def _permit(line: Mapping[str, Any], purposes: Iterable[str]) -> Body:
    ends = min(filter(None, (line["until"], line["ended_at"])))
    starts = line["starts"]
    permit: Body = {
        "type": "permit",
        "period": {"start": starts.isoformat(), "end": max(starts, ends).isoformat()},
        "actor": [
            {
                "role": _concept(
                    f"{TERMINOLOGY}/v3-ParticipationType", "IRCP", "information recipient"
                ),
                "reference": _recipient(line),
            }
        ],
        "class": [
            {"system": f"{SYSTEM}:category", "code": str(category)}
            for category in line["categories"]
        ],
    }
    if coded := [{"system": f"{SYSTEM}:purpose", "code": str(one)} for one in purposes]:
        permit["purpose"] = coded
    return permit


def _recipient(line: Mapping[str, Any]) -> Body:
    if line["worker"] is None:
        return _identified("Organization", "agency", line["agency"]["slug"])
    return _identified("Practitioner", "user", line["worker"]["username"])


def _identified(kind: str, system: str, value: Any) -> Body:
    return {"type": kind, "identifier": {"system": f"{SYSTEM}:{system}", "value": str(value)}}


def _concept(system: str, code: str, display: str) -> Body:
    return {"coding": [{"system": system, "code": code, "display": display}]}
