"""Every verb of the trail is a sentence, and no sentence names a young person."""

import ast
from pathlib import Path

from access.categories import Category
from agencies.actions import account
from agencies.actions.account import CHANGES
from audit import trail
from audit.models import AccessRecord, Event
from oversight import names, scope, sentences
from referrals.enums import ReferralState
from sharing.enums import DecisionState
from tasking.enums import TaskState

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [
    room.name
    for room in ROOT.iterdir()
    if (room / "__init__.py").exists() and room.name not in {"tests", "ops"}
]
PREFIXES = {
    "referral.": [state for state in ReferralState if state != ReferralState.RECEIVED],
    "sharing_decision.": [DecisionState.APPROVED, DecisionState.REFUSED],
    "task.": [
        TaskState.ACCEPTED,
        TaskState.BLOCKED,
        TaskState.DONE,
        TaskState.CANCELLED,
    ],
    "step_down.": ["approved", "refused"],
    "account.": list(CHANGES),
    "membership_proposal.": ["approved", "refused"],
}


def verbs_of(node):
    """The verbs that an expression may stand for; None where it is a variable."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return verbs_of(node.body) | verbs_of(node.orelse)
    if isinstance(node, ast.JoinedStr):
        prefix = node.values[0].value
        return {f"{prefix}{str(getattr(state, 'value', state))}" for state in PREFIXES[prefix]}
    return None


def called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def verbs_in(path):
    """The verbs that one module records, also through a function that is given the verb."""
    tree = ast.parse(path.read_text())
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and called(call) == "record"):
                continue
            if getattr(getattr(call.func, "value", None), "id", "") != "trail":
                continue
            found = verbs_of(call.args[1])
            if found is not None:
                yield from found
                continue
            place = [argument.arg for argument in function.args.args].index(call.args[1].id)
            for outer in ast.walk(tree):
                if isinstance(outer, ast.Call) and called(outer) == function.name:
                    yield from verbs_of(outer.args[place])


def all_verbs():
    return {
        verb
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
        for verb in verbs_in(path)
    }


def test_every_verb_has_a_sentence():
    verbs = all_verbs()
    assert len(verbs) > 60
    assert verbs - sentences.SENTENCES.keys() == set()


def test_consent_reads_as_a_sentence(cast):
    case = cast.open_case()
    cast.share(case.person, "housing", Category.HOUSING, Category.CONTACT)
    auditor = cast.who("auditor")
    with cast.acting("auditor"):
        event = scope.events(auditor).get(verb="consent.recorded")
    assert sentences.sentence(event, names.gather(auditor, [event])) == (
        "On 3 March 2026 at 14:02, Lead Worker (practitioner, Lead Charity) recorded consent:"
        " contact, housing to Housing until 26 May 2026."
    )


def test_a_whole_story_names_no_young_person_and_leaves_nothing_unsaid(cast):
    case = cast.open_case()
    cast.share(case.person, "housing", Category.HOUSING, worker="housing-officer")
    cast.join(case, "family-worker", Category.FAMILY)
    cast.add_goal(case, Category.HOUSING, "A room of my own")
    cast.bar(case.person, "colleague")
    auditor = cast.who("auditor")
    with cast.acting("auditor"):
        events = list(scope.events(auditor))
    known = names.gather(auditor, events)
    told = "\n".join(sentences.sentence(event, known) for event in events)
    assert len(events) > 10
    for hidden in ("Kofi", "Mensah", "room of my own", "railways", "None", "cousin", "not known"):
        assert hidden not in told
    assert "barred Colleague from the person’s record" in told
    assert "made Lead Worker of Lead Charity the lead worker" in told


def test_a_purpose_is_mentioned_and_never_quoted(cast):
    case = cast.open_case()
    with cast.acting("lead-worker"):
        trail.record_reads(
            cast.who("lead-worker"),
            [trail.Read(case.person_id, 1 << 3, "Kofi asked me to post his letters")],
            route="people:safe_address",
        )
    auditor = cast.who("auditor")
    with cast.acting("auditor"):
        record = scope.reads(auditor).get()
    told = sentences.sentence(record, names.gather(auditor, [record]))
    assert told.endswith("was shown safe address, having stated a purpose.")
    assert "Kofi" not in told


def test_what_the_system_and_the_public_did_is_told(cast):
    known = names.Names()
    for kind, name, words in (
        ("system", "climb_alerts", "the system (job “climb alerts”)"),
        ("public", "refer", "somebody at the public door “refer”"),
        ("operator", "load_demo", "an operator (command “load demo”)"),
    ):
        entry = Event(verb="account.opened", actor_kind=kind, actor_name=name)
        assert sentences.sentence(entry, known).endswith(f"{words} opened the account of somebody.")
    assert AccessRecord(actor_kind="member").role == ""


def test_a_refused_deed_says_so(cast):
    event = Event(verb="goal.added", actor_kind="system", refused=True, categories=1)
    assert "tried, and was refused: added a goal" in sentences.sentence(event, names.Names())


def test_a_detail_that_is_no_key_breaks_nothing():
    event = Event(verb="bar.begun", actor_kind="system", detail={"user": "nonsense"})
    assert "barred somebody" in sentences.sentence(event, names.Names())


def test_signing_in_is_told_to_the_auditor_of_where_the_user_works(cast):
    account.refused(user=cast.user("colleague"))
    auditor = cast.who("auditor")
    event = scope.events(auditor).get(verb="account.sign_in_refused")
    assert sentences.sentence(event, names.gather(auditor, [event])).endswith(
        "tried, and was refused: to sign in as Colleague."
    )
    assert not scope.events(cast.who("unit-auditor")).filter(pk=event.pk).exists()
