"""Cases, plans, what is done and what happens."""

from casework.models.about_me import AboutMe, Card, Saying
from casework.models.case import Case, LeadPeriod
from casework.models.event import LifeEvent
from casework.models.goal import Goal, GoalRating
from casework.models.intervention import Intervention, KindOfIntervention
from casework.models.plan import Plan, PlanComponent, PlannedIntervention, Review
from casework.models.safety_plan import SafetyPlan
from casework.models.step_down import FollowUp, StepDown

__all__ = [
    "AboutMe",
    "Card",
    "Case",
    "FollowUp",
    "Goal",
    "GoalRating",
    "Intervention",
    "KindOfIntervention",
    "LeadPeriod",
    "LifeEvent",
    "Plan",
    "PlanComponent",
    "PlannedIntervention",
    "Review",
    "SafetyPlan",
    "Saying",
    "StepDown",
]
