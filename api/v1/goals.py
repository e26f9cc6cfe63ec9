"""`goals/`: what young people want, in their own words, and how far they say they are."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from access.actor import Member, NotVisible
from access.categories import Category
from access.reading import Sight
from api import fields, names
from api.schema import WorkerSchema, creates, edits, lists, shows
from api.v1 import cases
from api.v1.records import Records
from api.views import MemberView
from casework.actions import goal as actions
from casework.enums import COMPONENT_CHOICES, RatingMoment
from casework.models import Goal, GoalRating


class GoalInput(fields.Strict):
    """A goal in the young person's own words."""

    case = fields.Reference()
    component = fields.Choice(choices=COMPONENT_CHOICES)
    own_words = fields.Words(max_length=500)
    worker_words = fields.Words(max_length=500, required=False)
    rating = fields.WholeNumber(min_value=0, max_value=10, required=False, allow_null=True)


class WordingInput(fields.Strict):
    """Other words for a goal."""

    own_words = fields.Words(max_length=500, required=False, allow_blank=False)
    worker_words = fields.Words(max_length=500, required=False)


class RatingInput(fields.Strict):
    """How far the young person says they are, from 0 to 10."""

    rating = fields.WholeNumber(min_value=0, max_value=10)
    moment = fields.Choice(choices=RatingMoment.choices)


class EndingInput(fields.Strict):
    """How a goal ends: reached, or no longer wanted."""

    reached = fields.YesNo()


class RatingSchema(serializers.Serializer):
    """One rating."""

    rating = serializers.IntegerField()
    moment = serializers.ChoiceField(choices=RatingMoment.choices)
    rated_at = serializers.DateTimeField()


class GoalSchema(serializers.Serializer):
    """A goal, with its ratings, the first one first."""

    id = serializers.UUIDField()
    person = serializers.CharField(required=False)
    case = serializers.CharField(required=False)
    component = serializers.ChoiceField(choices=COMPONENT_CHOICES, required=False)
    own_words = serializers.CharField(required=False)
    worker_words = serializers.CharField(allow_blank=True, required=False)
    set_at = serializers.DateTimeField(required=False)
    set_by = WorkerSchema(required=False)
    reached_at = serializers.DateTimeField(allow_null=True, required=False)
    ended_at = serializers.DateTimeField(allow_null=True, required=False)
    ratings = RatingSchema(many=True, required=False)


def project(row: Goal, sight: Sight, ratings: list[GoalRating]) -> dict[str, Any]:
    """A goal of a component that is visible; notes that it is shown."""
    if not sight.shows(row.category):
        raise NotVisible
    return {
        "id": row.pk,
        "person": row.person.reference,
        "case": row.plan.case.reference,
        "component": row.component,
        "own_words": row.own_words,
        "worker_words": row.worker_words,
        "set_at": row.set_at,
        "set_by": names.worker(row.set_by),
        "reached_at": row.reached_at,
        "ended_at": row.ended_at,
        "ratings": [
            {"rating": rating.rating, "moment": rating.moment, "rated_at": rating.rated_at}
            for rating in ratings
        ],
    }


GOALS = Records(
    Goal,
    ("person", "plan__case", "set_by"),
    lambda row: (row.category,),
)


def show(member: Member, row_id: str) -> dict[str, Any]:
    """The goal as the member sees it. Raises NotVisible."""
    row, seen = GOALS.load(member, row_id)
    [body] = _projected([row], {row.person_id: seen})
    return body


def _projected(rows: list[Goal], seen: dict[UUID, Sight]) -> list[dict[str, Any]]:
    ratings = defaultdict(list)
    for rating in GoalRating.objects.of(seen, Category.POINTER).filter(
        goal_id__in=[row.pk for row in rows]
    ):
        ratings[rating.goal_id].append(rating)
    return [project(row, seen[row.person_id], ratings[row.pk]) for row in rows]


class GoalsView(MemberView):
    """Goals of the components that you see."""

    @extend_schema(**lists(GoalSchema, "goals_list"))
    def get(self, request: Request) -> Response:
        """List goals."""
        page, seen = GOALS.page(request, self.member)
        return Response(page.answer(_projected(page.rows, seen)))

    @extend_schema(**creates(GoalInput, GoalSchema, "goals_add"))
    def post(self, request: Request) -> Response:
        """Add a goal to the plan of a case, with its first rating if there is one."""
        said = self.said(GoalInput)

        def act() -> str:
            plan = cases.plan_of(self.member, said.pop("case"))
            component = Category(said.pop("component"))
            row = actions.add_goal(plan=plan, component=component, by=self.member, **said)
            return str(row.pk)

        return self.write(act, show, _address)


class GoalView(MemberView):
    """One goal."""

    @extend_schema(**shows(GoalSchema, "goals_show"))
    def get(self, request: Request, row_id: str) -> Response:
        """Show a goal."""
        return self.shown(show(self.member, row_id))

    @extend_schema(**edits(WordingInput, GoalSchema, "goals_reword"))
    def patch(self, request: Request, row_id: str) -> Response:
        """Change the words of a goal. Needs If-Match."""
        said = self.said(WordingInput)
        row, _ = GOALS.load(self.member, row_id)

        def lock() -> None:
            nonlocal row
            row, _ = GOALS.load(self.member, row_id, lock=True)

        def act() -> None:
            words = {"own_words": row.own_words, "worker_words": row.worker_words} | said
            actions.reword(goal=row, by=self.member, **words)

        return self.edit(str(row.pk), lock=lock, show=show, act=act)


class GoalRatingsView(MemberView):
    """The ratings of a goal."""

    @extend_schema(**creates(RatingInput, GoalSchema, "goals_rate"))
    def post(self, request: Request, row_id: str) -> Response:
        """Record how far the young person says they are."""
        said = self.said(RatingInput)
        row, _ = GOALS.load(self.member, row_id)

        def act() -> str:
            actions.rate(goal=row, by=self.member, **said)
            return str(row.pk)

        return self.write(act, show, _address)


class GoalEndingView(MemberView):
    """The end of a goal."""

    @extend_schema(**creates(EndingInput, GoalSchema, "goals_finish"))
    def post(self, request: Request, row_id: str) -> Response:
        """End a goal: reached, or no longer wanted."""
        said = self.said(EndingInput)
        row, _ = GOALS.load(self.member, row_id)

        def act() -> str:
            actions.finish(goal=row, by=self.member, **said)
            return str(row.pk)

        return self.write(act, show, _address)


def _address(name: str) -> str:
    return reverse("api:goal", args=[name])
