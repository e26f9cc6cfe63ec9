"""The operator's commands: an installation begins with nobody in it, and accounts end."""

import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from access.roles import Role
from agencies.actions import membership
from agencies.models import Agency, Membership, User
from agencies.queries import may
from agencies.tasks import send_reset_link
from audit.models import Event
from casework.models import LeadPeriod
from core.models import OutboxMessage
from sharing.models import Involvement
from tests.agencies.conftest import BY
from tests.factories.cast import member_of
from tests.factories.watching import sees

NEW = "saucer lantern motorway plum"
MIA = {"name": "Mia Castellan", "email": "mia@council.example"}


def say(monkeypatch, words):
    monkeypatch.setattr("builtins.input", lambda: words)


def test_with_nobody_in_it_an_agency_is_opened_and_its_administrator_signs_in(db, capsys):
    call_command("open_agency", "riverside-council", "Riverside Council", "council")
    assert "manage.py appoint USERNAME riverside-council" in capsys.readouterr().out
    call_command("appoint", "mia", "riverside-council", "administrator", **MIA)
    assert "goes to mia@council.example" in capsys.readouterr().out

    promised = OutboxMessage.objects.get(task="agencies.send_reset_link")
    send_reset_link(**promised.arguments)
    [message] = mail.outbox
    assert "An account has been opened for you" in message.body
    assert "/sign-in/forgotten/" in message.body.split("Later, ask")[1]
    form = Client().get(re.search(r"http://[^/]+(/sign-in/\S+)", message.body)[1]).url
    client = Client()
    client.get(re.search(r"http://[^/]+(/sign-in/\S+)", message.body)[1])
    client.post(form, {"password1": NEW, "password2": NEW})
    client.post("/sign-in/", {"login": "mia", "password": NEW})

    # A second factor is next, which everybody has to set up.
    assert client.get("/", follow=True).request["PATH_INFO"].startswith("/account/")
    assert client.session["_auth_user_id"]
    assert may(member_of(Membership.objects.get()), "manage_memberships")
    told = Event.objects.exclude(verb__startswith="permission.").order_by("at", "id")
    assert {(event.verb, event.actor_name) for event in told} >= {
        ("agency.opened", "open_agency"),
        ("account.opened", "appoint"),
        ("membership.begun", "appoint"),
    }


def test_somebody_with_an_account_gets_another_role_and_no_link(world, capsys):
    world.hat()
    world.agency("borough-unit")
    call_command("appoint", "ann", "borough-unit", "manager")

    assert Membership.objects.live().get(role=Role.MANAGER).user == world.user()
    assert not OutboxMessage.objects.filter(task="agencies.send_reset_link").exists()
    assert "Ann is manager of Borough Unit from now." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "said", "options", "words"),
    [
        ("open_agency", ["lead-charity", "Again", "council"], {}, "already"),
        ("open_agency", ["not a slug", "Again", "council"], {}, "small letters"),
        ("appoint", ["ann", "nowhere", "manager"], {}, "no agency"),
        ("appoint", ["ann", "lead-charity", "practitioner"], {}, "already"),
        ("appoint", ["mia", "lead-charity", "manager"], {}, "give --name and --email"),
        ("appoint", ["M!", "lead-charity", "manager"], MIA, "user name"),
        ("appoint", ["mia", "lead-charity", "manager"], MIA | {"email": "none"}, "no email"),
        ("appoint", ["mia", "lead-charity", "manager"], MIA | {"email": "Ann@example.org"},
         "this address"),
        ("close_account", ["nobody"], {}, "no open account"),
        ("close_agency", ["nowhere"], {}, "no agency"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_must_be_is_said_and_changes_nothing(
    world, command, said, options, words
):
    world.hat()
    before = [model.objects.count() for model in (Agency, User, Membership, Event)]
    with pytest.raises(CommandError, match=words):
        call_command(command, *said, **options)
    assert [model.objects.count() for model in (Agency, User, Membership, Event)] == before


def test_a_closed_account_is_not_appointed(world):
    world.hat()
    membership.close_account(user=world.user(), by=BY)
    with pytest.raises(CommandError, match="closed"):
        call_command("appoint", "ann", "lead-charity", "manager")


@pytest.mark.parametrize("command", ["close_account", "close_agency"])
def test_nothing_is_closed_unless_its_name_is_typed(world, monkeypatch, command):
    actor = world.member()
    say(monkeypatch, "yes")
    name = {"close_account": "ann", "close_agency": "lead-charity"}[command]
    with pytest.raises(CommandError, match="Nothing has been changed"):
        call_command(command, name, stdout=StringIO())
    assert may(actor, "make_referral")

    say(monkeypatch, name)
    call_command(command, name, stdout=StringIO())
    assert not may(actor, "make_referral")
    with pytest.raises(CommandError):
        call_command(command, name, stdout=StringIO())


def test_whom_the_owner_of_a_closed_account_led_a_manager_leads_and_nothing_names_them(cast):
    case = cast.open_case()
    gone = cast.user("lead-worker")
    call_command("close_account", "lead-worker", no_input=True, stdout=StringIO())

    period = LeadPeriod.rows.live().get(case=case)
    assert period.worker in {cast.user("charity-manager"), cast.user("second-manager")}
    assert sees(cast, "lead-worker", case.person) == set()
    assert not Involvement.rows.live().filter(worker=gone).exists()
    assert not Membership.objects.live().filter(user=gone).exists()
    ended = Event.objects.filter(verb="membership.ended", actor_name="close_account")
    assert {event.subject_id for event in ended} == {cast.hats["lead-worker"].pk}


def test_a_manager_whose_account_is_closed_takes_nothing_over(cast):
    case = cast.open_case()
    call_command("close_account", "charity-manager", no_input=True, stdout=StringIO())
    call_command("close_account", "lead-worker", no_input=True, stdout=StringIO())

    assert LeadPeriod.rows.live().get(case=case).worker == cast.user("second-manager")
