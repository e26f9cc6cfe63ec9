"""The plan of a story: goals, what is intended, reviews, the safety plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from access.actor import Actor
from access.categories import Category
from casework.actions import goal, plan, safety_plan
from casework.enums import RatingMoment
from config.demo.steps import Steps


@dataclass
class Planning(Steps):
    """What is wanted, planned and looked back on."""

    def goal(
        self,
        ago: int,
        clock: str,
        who: str,
        name: str,
        component: Category,
        own_words: str,
        worker_words: str = "",
        rating: int | None = None,
    ) -> None:
        """A goal in their own words, and how far they say they are."""

        def add(by: Actor) -> None:
            self.goals[name] = goal.add_goal(
                plan=self.plan_of(),
                component=component,
                own_words=own_words,
                worker_words=worker_words,
                rating=rating,
                by=by,
            )

        self.step(ago, clock, who, add)

    def rate(self, ago: int, clock: str, who: str, **ratings: int) -> None:
        """How far they say they are with each of these goals, at a review."""

        def rate(by: Actor) -> None:
            for name, rating in ratings.items():
                goal.rate(goal=self.goals[name], rating=rating, moment=RatingMoment.REVIEW, by=by)

        self.step(ago, clock, who, rate)

    def reach(self, ago: int, clock: str, who: str, name: str) -> None:
        """A goal is reached."""
        self.step(
            ago, clock, who, lambda by: goal.finish(goal=self.goals[name], reached=True, by=by)
        )

    def intend(
        self, ago: int, clock: str, who: str, component: Category, what: str, **more: Any
    ) -> None:
        """Something that `whose` is to do; with `done` (days ago) ticked off later."""
        done = more.pop("done", None)
        more["who"] = more.pop("whose", "")
        planned: list[Any] = []

        def intend(by: Actor) -> None:
            planned.append(
                plan.plan_intervention(
                    plan=self.plan_of(), component=component, what=what, **more, by=by
                )
            )

        self.step(ago, clock, who, intend)
        if done is not None:
            self.step(
                done, "16:40", who, lambda by: plan.complete_planned(planned=planned[0], by=by)
            )

    def agree(self, ago: int, clock: str, who: str, how: str) -> None:
        """They agree to the plan."""
        self.step(
            ago,
            clock,
            who,
            lambda by: plan.agree(
                plan=self.plan_of(), on=self.stage.calendar.day(ago), how=how, by=by
            ),
        )

    def review(self, ago: int, clock: str, who: str, notes: str, **ratings: int) -> None:
        """A review with them, and their ratings."""

        def review(by: Actor) -> None:
            plan.review(
                plan=self.plan_of(),
                held_on=self.stage.calendar.day(ago),
                with_young_person=True,
                notes=notes,
                by=by,
            )

        self.step(ago, clock, who, review)
        if ratings:
            self.rate(ago, clock, who, **ratings)

    def safety(self, ago: int, clock: str, who: str, review_in: int = 84, **words: Any) -> None:
        """The safety plan is written, or written anew."""
        self.step(
            ago,
            clock,
            who,
            lambda by: safety_plan.write(
                person=self.person,
                review_on=self.stage.calendar.day(ago - review_in),
                **words,
                by=by,
            ),
        )
