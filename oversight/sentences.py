"""The trail as sentences that anybody can read: who did what, when, and never the content.

Agencies and users are named. A young person is never named: the page shows the reference
beside the sentence. What was written is not in the trail, so it can't be in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from access.bases import Basis
from agencies.enums import ROLE_LABELS
from agencies.roles import PERMISSIONS
from audit.models import AccessRecord, Event
from casework.enums import SayingKind
from core.forms import lower_first
from oversight.enums import Cause
from oversight.names import Names, day, moment
from oversight.telling import Telling, categories, categories_of
from sharing.enums import DecisionKind, EmergencyOutcome
from tasking.enums import AlertKind, AlertLevel

_BASES: dict[str, str] = {
    Basis.INTAKE: "a referral to look at",
    Basis.LEAD: "lead worker",
    Basis.COVER: "cover for the lead worker",
    Basis.TEAM: "on the team",
    Basis.TASK: "a task",
    Basis.AGENDA: "the agenda of a meeting",
    Basis.CONSENT: "consent",
    Basis.DECISION: "a sharing decision",
    Basis.TAIL: "former lead worker",
    Basis.FOLLOW_UP: "follow-up after step-down",
    Basis.RECORD: "the record of a closed case",
    Basis.REFERRER: "made the referral",
    Basis.BREAK_GLASS: "emergency access",
    Basis.AUDIT_SAMPLE: "an auditor’s sample",
}


def _involvement(telling: Telling) -> str:
    basis = str(telling.event.detail.get("basis") or "")
    why = _BASES.get(basis, "not known")
    return f"{telling.categories} to {telling.recipient} (basis: {why})"


def _until(telling: Telling) -> str:
    until = day(telling.event.detail.get("until"))
    return f" until {until}" if until else ""


def _consent(telling: Telling) -> str:
    recipients = telling.event.detail.get("recipients") or []
    found = [
        line
        for line in telling.names.consent_lines.get(telling.event.subject_id, ())
        # Of a consent withdrawn in part, only that part.
        if str(line.agency_id) in recipients
    ]
    if not found:
        return f"{telling.categories} to {telling.names.agencies_in_words(recipients)}"
    return "; ".join(
        f"{categories_of(line.categories)} to {telling.names.line_recipient(line)}"
        f" until {day(line.until)}"
        for line in found
    )


def _decision(telling: Telling) -> str:
    row = telling.names.decisions.get(telling.event.subject_id)
    words = f"{telling.categories} with {telling.agency()}"
    if row is None:
        return words
    return f"{words} until {day(row.until)}, on the basis “{row.lawful_basis.name}”"


def _kind(telling: Telling) -> str:
    row = telling.names.decisions.get(telling.event.subject_id)
    kind = row.kind if row is not None else telling.event.detail.get("kind")
    return lower_first(str(dict(DecisionKind.choices).get(str(kind), "")).split(" (")[0])


def _fields(telling: Telling) -> str:
    named = [name.replace("_", " ") for name in telling.event.fields]
    return f" ({', '.join(named)})" if named else ""


def _membership(telling: Telling) -> str:
    role = ROLE_LABELS.get(str(telling.event.detail.get("role")), "member").lower()
    home = telling.event.detail.get("home")
    lent = f", seconded from {telling.agency('home')}" if home else ""
    return f"{telling.user()} as {role} of {telling.agency()}{lent}"


def _alert(telling: Telling) -> str:
    level = telling.code("level", dict(AlertLevel.choices))
    return f"to the {level}: {telling.user('owner')}"


def _permission(telling: Telling) -> str:
    return f"the permission “{telling.code('permission', PERMISSIONS)}”"


Words = str | Callable[[Telling], str]

SENTENCES: dict[str, Words] = {
    # People and who they are.
    "person.added": "wrote down a new person",
    "person.confirmed": "confirmed the person’s record",
    "person.described": lambda t: f"changed who the person is{_fields(t)}",
    "contact.added": "added a way to make contact",
    "contact.changed": "changed a way to make contact",
    "contact.ended": "ended a way to make contact",
    "identifier.added": "added an identifier",
    "relative.added": "added somebody of the family",
    "relative.changed": "changed what is written about somebody of the family",
    "relative.ended": "noted that somebody is of the family no longer",
    # Sharing.
    "involvement.begun": lambda t: f"opened {_involvement(t)}{_until(t)}",
    "involvement.ended": lambda t: f"closed {_involvement(t)}",
    "lead_agency.taken": lambda t: f"made {t.agency()} the lead agency",
    "consent.recorded": lambda t: f"recorded consent: {_consent(t)}",
    "consent.withdrawn": lambda t: f"recorded that consent was withdrawn: {_consent(t)}",
    "receipt.answered": "answered what copies they hold of something that was taken back",
    "sharing_decision.proposed": lambda t: f"proposed to share ({_kind(t)}): {_decision(t)}",
    "sharing_decision.not_shared": lambda t: f"decided not to share: {_decision(t)}",
    "sharing_decision.approved": lambda t: f"approved sharing: {_decision(t)}",
    "sharing_decision.refused": lambda t: f"refused sharing: {_decision(t)}",
    "sharing_decision.ended": lambda t: f"ended sharing: {_decision(t)}",
    "sharing_decision.reviewed": lambda t: f"reviewed sharing: {_decision(t)}",
    "sharing_decision.climbed": lambda t: (
        f"took a late review of sharing up to the {t.event.detail.get('role')}s"
    ),
    "sharing_round.proposed": lambda t: (
        f"proposed what routine partners see: {t.categories} to"
        f" {t.names.agencies_in_words(t.event.detail.get('parties'))}"
    ),
    "sharing_round.approved": "approved what routine partners see",
    "sharing_round.refused": "refused what routine partners would see",
    "bar.begun": lambda t: f"barred {t.user()} from the person’s record",
    "bar.lifted": "lifted a bar",
    "bar.reviewed": "reviewed a bar, which still holds",
    "restriction.reviewed": "reviewed the restriction of the record, which still holds",
    "restriction.begun": "restricted the record to named workers",
    "restriction.lifted": "lifted the restriction of the record",
    "agreement.drawn_up": lambda t: (
        f"drew up an agreement of {t.names.agencies_in_words(t.event.detail.get('parties'))}"
    ),
    "agreement.confirmed": "confirmed an agreement",
    "agreement.suspended": "suspended an agreement",
    "agreement.resumed": "let a suspended agreement count again",
    "agreement.reviewed": "reviewed an agreement",
    "register.change_proposed": lambda t: (
        f"proposed other dates for a row of a register ({t.event.detail.get('code')})"
    ),
    "register.change_approved": lambda t: (
        f"approved other dates for a row of a register ({t.event.detail.get('code')})"
    ),
    "register.change_refused": lambda t: (
        f"refused other dates for a row of a register ({t.event.detail.get('code')})"
    ),
    "impact_assessment.written": lambda t: f"assessed an impact ({t.event.detail.get('feature')})",
    "impact_assessment.signed": lambda t: (
        f"signed an impact assessment off ({t.event.detail.get('feature')})"
    ),
    "impact_assessment.withdrawn": lambda t: (
        f"took an impact assessment back ({t.event.detail.get('feature')})"
    ),
    # Referrals.
    "referral.made": lambda t: f"referred the person to {t.agency('sent_to')}",
    "referral.accepted": "accepted the referral",
    "referral.declined": "declined the referral",
    # Casework.
    "case.opened": "opened a case",
    "case.closed": "closed the case",
    "lead.assigned": lambda t: f"made {t.recipient} the lead worker",
    "goal.added": lambda t: f"added a goal: {t.categories}",
    "goal.reworded": lambda t: f"reworded a goal: {t.categories}",
    "goal.rated": lambda t: f"noted how the person rates a goal: {t.categories}",
    "goal.reached": lambda t: f"noted that a goal was reached: {t.categories}",
    "goal.resumed": lambda t: f"took up a goal again: {t.categories}",
    "goal.ended": lambda t: f"ended a goal: {t.categories}",
    "plan.component_used": lambda t: f"changed a part of the plan: {t.categories}",
    "plan.intervention_planned": lambda t: f"planned a piece of work: {t.categories}",
    "plan.intervention_done": lambda t: f"marked planned work as done: {t.categories}",
    "plan.agreed": "noted that the plan was agreed",
    "plan.reviewed": "reviewed the plan",
    "safety_plan.written": "wrote the safety plan",
    "intervention.logged": lambda t: f"logged a piece of work: {t.categories}",
    "intervention.amended": lambda t: f"amended the log of a piece of work: {t.categories}",
    "event.recorded": lambda t: f"recorded something that happened: {t.categories}",
    "step_down.proposed": lambda t: f"proposed a step-down: {t.categories}",
    "step_down.approved": lambda t: f"approved a step-down: {t.categories}",
    "step_down.refused": lambda t: f"refused a step-down: {t.categories}",
    "step_down.lapsed": "closed the case before a step-down was decided",
    "follow_ups.moved": lambda t: f"gave the follow-ups to come to {t.recipient}",
    "follow_ups.stopped": "stopped the follow-ups to come",
    "follow_up.done": lambda t: f"made the follow-up of week {t.code('weeks', {})}",
    # Tasking.
    "meeting.opened": "opened a tasking meeting",
    "meeting.attended": lambda t: f"noted that {t.user()} attends a tasking meeting",
    "meeting.closed": "closed a tasking meeting",
    "agenda.added": "put the person on the agenda of a meeting",
    "agenda.decided": "wrote down what a meeting decided",
    "task.set": lambda t: f"set a task for {t.user('owner')} of {t.agency()}",
    "task.moved": lambda t: f"gave a task to {t.user('owner')} of {t.agency()}",
    "task.accepted": "accepted a task",
    "task.blocked": "said that a task is blocked",
    "task.done": "did a task",
    "task.cancelled": "cancelled a task",
    "task.set_again": "put a task back",
    "alert.raised": lambda t: (
        f"raised an alert ({t.code('kind', dict(AlertKind.choices))}) {_alert(t)}"
    ),
    "alert.seen": "saw an alert",
    "about_me.approved": "kept “About me” as the young person approved it",
    "card.issued": "gave the young person a card",
    "card.ended": "ended the card",
    "card.used": lambda t: f"used the card ({t.code('kind', dict(SayingKind.choices))})",
    "card.refused": "tried a card and was refused",
    "saying.answered": "answered the young person",
    "safe_address.recorded": "wrote down a safe address",
    "safe_address.removed": "removed the safe address",
    "safe_address.shown": "was shown the safe address",
    "safe_address.release_proposed": lambda t: (
        f"asked to release the safe address to {t.recipient}"
    ),
    "safe_address.released": lambda t: f"released the safe address to {t.recipient}",
    "safe_address.release_refused": lambda t: f"did not release the safe address to {t.recipient}",
    "vault.rotated": "changed the key of the vault",
    "ring_me.asked": "left a number for whoever knows a young person",
    "break_glass.opened": lambda t: f"opened the record in an emergency{_until(t)}",
    "break_glass.refused": "asked for emergency access and was shown nobody",
    "break_glass.accounted": "accounted for an emergency access",
    "break_glass.reviewed": lambda t: (
        f"reviewed an emergency access ({t.code('outcome', dict(EmergencyOutcome.choices))})"
    ),
    "alert.climbed": lambda t: f"took an unseen alert up {_alert(t)}",
    "sharing.due_found": "reminded people of what is due about sharing",
    "due.found": "reminded people of what is due",
    # The directory.
    "service.added": "added a service to the directory",
    "service.edited": lambda t: f"edited a service of the directory{_fields(t)}",
    "service.checked": "noted that a service of the directory is still right",
    "directory.imported": "read a file into the directory",
    # Agencies.
    "agency.opened": "opened an agency here",
    "agency.closed": "closed an agency here",
    "account.opened": lambda t: f"opened the account of {t.owner}",
    "account.closed": lambda t: f"closed the account of {t.owner}",
    "account.signed_in": lambda t: f"signed in as {t.owner}",
    "account.sign_in_refused": lambda t: f"to sign in as {t.owner}",
    "account.reset_asked": lambda t: f"asked for a new password for {t.owner}",
    "account.password_changed": lambda t: f"changed the password of {t.owner}",
    "account.password_reset": lambda t: f"chose a new password for {t.owner}, by a link",
    "account.totp_activated": lambda t: f"added an authenticator app for {t.owner}",
    "account.totp_deactivated": lambda t: f"removed the authenticator app of {t.owner}",
    "account.webauthn_added": lambda t: f"added a passkey for {t.owner}",
    "account.webauthn_removed": lambda t: f"removed a passkey of {t.owner}",
    "account.recovery_codes_generated": lambda t: f"made new recovery codes for {t.owner}",
    "account.factors_removed": lambda t: f"removed the second step of {t.owner}",
    "membership.begun": lambda t: f"made {_membership(t)}",
    "membership.ended": lambda t: f"ended a membership of {t.user()}",
    "membership.lapsed": lambda t: f"saw to a membership of {t.user()} whose last day was over",
    "membership_proposal.proposed": lambda t: f"proposed to make {_membership(t)}",
    "membership_proposal.approved": lambda t: f"approved making {_membership(t)}",
    "membership_proposal.refused": lambda t: f"refused to make {_membership(t)}",
    "permission.restored": lambda t: f"gave {_permission(t)} back to a role of {t.agency()}",
    "membership.worn": "chose what to work as",
    "permission.withheld": lambda t: f"took {_permission(t)} from a role of {t.agency()}",
    "duty.published": lambda t: f"put {t.user()} on duty at {t.agency()}",
    "duty.withdrawn": lambda t: f"took a shift of {t.user()} off the duty rota of {t.agency()}",
    "token.created": lambda t: f"made an API token for {t.user()}",
    "token.revoked": lambda t: f"took an API token of {t.user()} back",
    # Oversight.
    "trail.read": lambda t: f"read {_trail(t)}",
    "oversight.looked": "marked the new entries as looked at",
    "sample.drawn": lambda t: f"drew a sample of {t.code('size', {})} shares",
    "sample.checked": lambda t: f"answered on the checklist of a sampled share{_fields(t)}",
    "sample.opened": lambda t: (
        f"opened the content of a sampled share, with a reason: {t.categories}{_clock(t)}"
    ),
    "cause.asked": lambda t: (
        f"asked to look at everything for cause ({t.code('cause', dict(Cause.choices))})"
    ),
    "cause.approved": lambda t: f"approved a look for cause by {t.user()}",
    "cause.refused": lambda t: f"refused a look for cause by {t.user()}",
    "cause.opened": lambda t: f"opened content for cause: {t.categories}{_clock(t)}",
    "finding.written": lambda t: f"wrote a finding for {t.user('owner')} to answer",
    "finding.replied": "replied to a finding",
    "finding.closed": "closed a finding",
    "reading_alert.raised": lambda t: (
        f"raised an alert about the reading of {t.user()}, to {t.user('owner')}"
    ),
    "reading_alert.climbed": lambda t: (
        f"took an unanswered alert about the reading of {t.user()} up to {t.user('owner')}"
    ),
    "reading_alert.answered": lambda t: f"answered an alert about the reading of {t.user()}",
    "view.saved": lambda t: f"saved a view of {_register(t)}",
    "view.removed": lambda t: f"removed a saved view of {_register(t)}",
}
"""For each verb of the trail what follows the actor in a sentence."""

TRAILS: dict[str, str] = {
    "consents": "the register of consents",
    "decisions": "the register of sharing decisions",
    "reads": "the register of who looked",
    "events": "the register of everything that was done",
    "day": "who could see the record on a day",
    "person": "the trail of the person’s record",
    "user": "the trail of",
    "consent": "the metadata of a consent",
    "decision": "the metadata of a sharing decision",
    "agreements": "the register of agreements",
    "break_glass": "the register of emergency access",
    "exports": "the register of exports",
    "matching": "the register of matching requests",
    "viewers": "who viewed the person’s record",
    "viewed": "whose records were viewed by",
    "sample": "a sample of shares",
    "share": "a sampled share",
    "cause": "everything about the person’s record, for cause",
    "findings": "the findings",
    "summary": "the quarter’s summary",
}
"""What an auditor reads, by the code in the event "trail.read"."""


def _trail(telling: Telling) -> str:
    read = str(telling.event.detail.get("trail"))
    words = TRAILS.get(read, "a trail")
    return f"{words} {telling.user()}" if read in {"user", "viewed"} else words


def _register(telling: Telling) -> str:
    return TRAILS.get(str(telling.event.detail.get("register")), "a register")


def _clock(telling: Telling) -> str:
    try:
        until = datetime.fromisoformat(str(telling.event.detail.get("until")))
    except ValueError:
        return ""
    return f", until {moment(until)}"


def verb_words(verb: str) -> str:
    """A verb as a choice of a filter."""
    noun, _, done = verb.partition(".")
    return f"{noun.replace('_', ' ')}: {done.replace('_', ' ')}".capitalize()


def deed(event: Event, names: Names) -> str:
    """What was done, without who and when."""
    words = SENTENCES.get(event.verb, verb_words(event.verb).lower())
    told = words if isinstance(words, str) else words(Telling(event, names))
    return f"tried, and was refused: {told}" if event.refused else told


def look(record: AccessRecord) -> str:
    """What one access record says was shown; a stated purpose is mentioned, never quoted."""
    purpose = ", having stated a purpose" if record.purpose else ""
    return f"was shown {categories(record.categories)}{purpose}"


def sentence(entry: Event | AccessRecord, names: Names) -> str:
    """One entry of the trail as a sentence."""
    told = look(entry) if isinstance(entry, AccessRecord) else deed(entry, names)
    return f"On {moment(entry.at)}, {names.actor(entry)} {told}."
