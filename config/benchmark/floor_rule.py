"""The rule as the floor asks it: written from docs of the rule, not from the product's query.

One lateral step for each candidate: the facts about the person, what is left of each
involvement of the actor's agency, what of it opens, and the cuts. No actor of the benchmark
has stepped up, so a safe address is never among what is visible.
"""

from __future__ import annotations

from access.categories import Category, to_bits

# How sets are kept in the database is the product's; which sets they are is written here again.
_EVERY = to_bits(list(Category))
_SAFE_ADDRESS = to_bits(["safe_address"])
POINTER = to_bits(["pointer"])
CONTACT = to_bits(["contact"])
IDENTITY = to_bits(["identity"])
_CLINICAL = to_bits(["clinical"])
_EMERGENCY = to_bits(["pointer", "identity", "contact", "safety"])
_DUTY = to_bits(["pointer", "contact", "safety"])
_GRACE = to_bits(["pointer", "safety"])

_AGREED = "'cover', 'team', 'task', 'agenda', 'consent', 'decision', 'tail'"
_TO_MANAGERS = (
    "'intake', 'lead', 'cover', 'team', 'task', 'consent', 'decision', 'follow_up', 'record',"
    " 'referrer'"
)
_NO_CARD = "'referrer', 'agenda', 'task', 'break_glass', 'audit_sample'"
_KNOWN = f"{_TO_MANAGERS}, 'agenda', 'tail', 'break_glass', 'audit_sample'"


def _live(row: str) -> str:
    return f"{row}.starts <= %(at)s AND ({row}.ends IS NULL OR {row}.ends > %(at)s)"


ACTOR = f"""
WITH hat AS MATERIALIZED (
    SELECT m.user_id, m.agency_id, m.home_agency_id, m.role,
           m.role IN ('practitioner', 'clinician', 'manager') AS works,
           {_live("m")}
           AND EXISTS (SELECT FROM agencies_useractivity a
                       WHERE a.user_id = m.user_id AND {_live("a")})
           AND EXISTS (SELECT FROM agencies_agencyactivity a
                       WHERE a.agency_id = m.agency_id AND {_live("a")}) AS acts,
           EXISTS (SELECT FROM agencies_dutyshift d
                   WHERE d.agency_id = m.agency_id AND d.user_id = m.user_id
                     AND d.published_at <= %(at)s AND {_live("d")}) AS on_duty
    FROM agencies_membership m WHERE m.id = %(membership)s
),
agreed AS MATERIALIZED (
    SELECT other.agency_id AS other,
           bool_or(a.ends IS NULL OR a.ends > %(at)s) AS in_force,
           bit_or(CASE WHEN a.ends IS NULL OR a.ends > %(at)s THEN a.categories ELSE 0 END)
               AS carried,
           bit_or(CASE WHEN a.ends <= %(at)s AND greatest(a.starts, a.confirmed_at) < a.ends
                       THEN a.categories & {_GRACE} ELSE 0 END) AS graced
    FROM hat
    JOIN sharing_agreementparty mine ON mine.agency_id = hat.agency_id
    JOIN sharing_agreement a ON a.id = mine.agreement_id
    JOIN sharing_agreementparty other
        ON other.agreement_id = a.id AND other.agency_id <> hat.agency_id
    WHERE a.confirmed_at <= %(at)s AND a.starts <= %(at)s
      AND (a.ends IS NULL OR a.ends > %(at)s - interval '14 days')
      AND NOT EXISTS (SELECT FROM sharing_agreementsuspension s
                      WHERE s.agreement_id = a.id AND {_live("s")})
    GROUP BY 1
),
actor AS MATERIALIZED (
    SELECT hat.*,
           CASE hat.role
               WHEN 'clinician' THEN {_EVERY}
               WHEN 'practitioner' THEN {_EVERY & ~_CLINICAL}
               WHEN 'manager' THEN {_EVERY & ~_CLINICAL}
               WHEN 'auditor' THEN {_EVERY & ~_CLINICAL}
               ELSE 0
           END & ~{_SAFE_ADDRESS}
           & CASE WHEN hat.home_agency_id IS NULL OR hat.home_agency_id = hat.agency_id
                  THEN {_EVERY} ELSE {POINTER} | coalesce(home.carried, 0) END AS allowed
    FROM hat LEFT JOIN agreed home ON home.other = hat.home_agency_id
    WHERE hat.acts AND (hat.home_agency_id IS NULL OR hat.home_agency_id = hat.agency_id
                        OR home.in_force)
)
"""  # nosec B608

SEEN = f"""
CROSS JOIN LATERAL (
    SELECT (SELECT l.agency_id FROM sharing_leadagency l
            WHERE l.person_id = x.person_id AND {_live("l")}) AS lead,
           EXISTS (SELECT FROM sharing_restriction r
                   WHERE r.person_id = x.person_id AND {_live("r")}) AS restricted
    WHERE NOT EXISTS (SELECT FROM sharing_bar b WHERE b.person_id = x.person_id
                        AND b.user_id = actor.user_id AND {_live("b")})
    OFFSET 0
) f
CROSS JOIN LATERAL (
    SELECT bit_or(e.categories) FILTER (WHERE
               CASE WHEN actor.role = 'auditor' THEN e.basis = 'audit_sample' AND e.named
                    WHEN e.basis = 'audit_sample' THEN false
                    WHEN f.restricted THEN e.named
                    ELSE e.named
                      OR (actor.role = 'manager' AND e.basis IN ({_TO_MANAGERS}))
                      OR (actor.on_duty AND e.basis = 'intake')
                      OR (e.worker_id IS NULL AND e.basis IN ('consent', 'decision'))
               END) AS opened,
           coalesce(bool_or(e.basis = 'lead'), false) AS led,
           coalesce(bool_or(e.basis NOT IN ({_NO_CARD})), false) AS worked_with
    FROM (
        SELECT i.basis, i.worker_id,
               coalesce(i.worker_id = actor.user_id, false) AS named,
               CASE
                   WHEN i.basis = 'break_glass' THEN i.categories & {_EMERGENCY}
                   WHEN f.lead = i.agency_id THEN i.categories
                   WHEN i.basis = 'record' THEN 0
                   WHEN i.basis IN ({_AGREED}) AND NOT (i.basis = 'decision' AND i.one_off)
                   THEN i.categories & (coalesce(g.carried, 0)
                        | CASE WHEN i.basis IN ('team', 'cover') THEN coalesce(g.graced, 0)
                               ELSE 0 END)
                   ELSE i.categories
               END AS categories
        FROM sharing_involvement i LEFT JOIN agreed g ON g.other = f.lead
        WHERE i.person_id = x.person_id AND i.agency_id = actor.agency_id AND {_live("i")}
          AND i.basis IN ({_KNOWN})
    ) e
    WHERE e.categories <> 0
) o
CROSS JOIN LATERAL (
    SELECT (coalesce(o.opened, 0)
            | CASE WHEN actor.works AND actor.on_duty AND NOT f.restricted AND o.led
                        AND f.lead = actor.agency_id THEN {_DUTY} ELSE 0 END)
           & actor.allowed AS left_over,
           actor.works AND NOT f.restricted AND o.worked_with AS card
    OFFSET 0
) w
"""  # nosec B608
"""Joined to `actor` and to candidates `x` with a `person_id`; `w` says what is visible."""

VISIBLE = f"CASE WHEN w.left_over <> 0 OR w.card THEN w.left_over | {POINTER} ELSE 0 END"
IS_VISIBLE = "(w.left_over <> 0 OR w.card)"
