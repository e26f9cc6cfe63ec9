"""The plan of one young person: eight components, goals in their own words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.actor import NotAllowed, NotVisible
from access.categories import COMPONENTS, Category
from agencies.submitting import attempt, saved
from casework.actions import goal as goals
from casework.actions import plan as plans
from casework.forms import (
    AgreedForm,
    ComponentForm,
    FinishForm,
    GoalForm,
    PlannedForm,
    RatingForm,
    ReviewForm,
    RewordForm,
)
from casework.models import Goal, Plan, PlannedIntervention
from casework.queries import caseload, record
from casework.views.person import about, actor_of, form_page
from core import pictures
from core.clock import LONDON, today
from people import queries as people


def _plan(request: HttpRequest, seen: people.Seen) -> Plan:
    actor = actor_of(request)
    [row] = caseload.rows(actor, [seen.person])
    plan = record.plan_of(actor, row.case) if row.case else None
    if plan is None:
        raise NotVisible
    return plan


@require_GET
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole plan, with a wheel of how far the young person says they are."""
    actor = actor_of(request)
    seen, context = about(request, reference, "plan")
    [row] = caseload.rows(actor, [seen.person])
    plan = record.plan_of(actor, row.case) if row.case else None
    components = record.components(actor, seen.sight, plan) if plan else []
    shown = [view for view in components if view.visible]
    context |= {
        "case": row.case,
        "plan": plan,
        "identity": seen.sight.shows(Category.IDENTITY),
        "components": components,
        "progress": {
            str(view.goal.pk): _progress(view)
            for one in shown
            for view in one.goals
            if view.ratings
        },
        "wheel": pictures.wheel(
            [pictures.Segment(view.label, view.level, view.level_before) for view in shown],
            title="How far they say they are, from 0 to 10",
        )
        if any(view.level is not None for view in shown)
        else "",
        "reviews": record.reviews(actor, seen.sight, plan) if plan else [],
        "may_plan": any(seen.sight.may_write(component) for component in COMPONENTS),
        "today": today(),
    }
    return render(request, "casework/plan/show.html", context)


@require_GET
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The young person's own copy: their names for things, and only what is in use."""
    actor = actor_of(request)
    seen, context = about(request, reference, "plan")
    plan = _plan(request, seen)
    context["components"] = [
        view for view in record.components(actor, seen.sight, plan) if view.visible and view.in_use
    ]
    context["plan"] = plan
    context["identity"] = seen.sight.shows(Category.IDENTITY)
    context["lead"] = caseload.current_lead(actor, seen.person.pk)
    return render(request, "casework/plan/print.html", context)


@require_http_methods(["GET", "POST"])
def use_component(request: HttpRequest, reference: str, component: str) -> HttpResponse:
    """Take a component into the plan or out of it, and say what the young person calls it."""
    seen, _ = about(request, reference, "plan")
    plan = _plan(request, seen)
    views = record.components(actor_of(request), seen.sight, plan)
    found = next((view for view in views if view.visible and view.category == component), None)
    if found is None:
        raise NotVisible
    if not found.writable:
        raise NotAllowed
    form = ComponentForm(
        request.POST or None,
        initial={"in_use": "yes" if found.in_use else "no", "own_name": found.own_name},
    )
    if request.method == "POST" and attempt(
        form,
        lambda: plans.use_component(
            plan=plan,
            component=found.category,
            in_use=form.cleaned_data["in_use"] == "yes",
            own_name=form.cleaned_data["own_name"],
            by=actor_of(request),
        ),
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        found.label,
        "Save",
        back=_back(seen.person.reference),
        category=found.category,
    )


@require_http_methods(["GET", "POST"])
def add_goal(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a goal in the young person's own words."""
    seen, _ = about(request, reference, "plan")
    plan = _plan(request, seen)
    if not any(seen.sight.may_write(component) for component in COMPONENTS):
        raise NotAllowed
    asked = request.GET.get("component", "")
    form = GoalForm(request.POST or None, sight=seen.sight, initial={"component": asked})
    key = f"goal-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: goals.add_goal(
            plan=plan,
            component=Category(form.cleaned_data["component"]),
            own_words=form.cleaned_data["own_words"],
            worker_words=form.cleaned_data["worker_words"],
            rating=form.cleaned_data["rating"],
            key=form.cleaned_data["key"],
            by=actor_of(request),
        ),
    ):
        return saved(redirect("plan", reference=seen.person.reference), request, key)
    return form_page(
        request, seen, form, "Add a goal", "Add goal", key, back=_back(seen.person.reference)
    )


@require_http_methods(["GET", "POST"])
def reword_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change the words of a goal."""
    goal, seen = _goal(request, key)
    form = RewordForm(
        request.POST or None,
        initial={
            "version": goal.version,
            "own_words": goal.own_words,
            "worker_words": goal.worker_words,
        },
    )
    if request.method == "POST" and attempt(
        form, lambda: goals.reword(goal=goal, **form.cleaned_data, by=actor_of(request))
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        "Change the goal",
        "Save",
        back=_back(seen.person.reference),
        category=goal.category,
    )


@require_http_methods(["GET", "POST"])
def rate_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record how far the young person says they are."""
    goal, seen = _goal(request, key)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: goals.rate(goal=goal, **form.cleaned_data, by=actor_of(request))
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        f"“{goal.own_words}”",
        "Save",
        back=_back(seen.person.reference),
        category=goal.category,
    )


@require_http_methods(["GET", "POST"])
def finish_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a goal: reached, or no longer wanted. Asked first: two words on a phone are close."""
    goal, seen = _goal(request, key)
    form = FinishForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda: goals.finish(
            goal=goal, reached=form.cleaned_data["reached"] == "yes", by=actor_of(request)
        ),
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        f"“{goal.own_words}”",
        "Save",
        back=_back(seen.person.reference),
        category=goal.category,
    )


@require_POST
def resume_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a goal up again."""
    goal, seen = _goal(request, key)
    goals.resume(goal=goal, by=actor_of(request))
    return redirect("plan", reference=seen.person.reference)


@require_http_methods(["GET", "POST"])
def plan_intervention(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan something that somebody will do."""
    seen, _ = about(request, reference, "plan")
    plan = _plan(request, seen)
    if not any(seen.sight.may_write(component) for component in COMPONENTS):
        raise NotAllowed
    form = PlannedForm(
        request.POST or None,
        sight=seen.sight,
        initial={"component": request.GET.get("component", "")},
    )
    if request.method == "POST" and attempt(
        form,
        lambda: plans.plan_intervention(
            plan=plan,
            component=Category(form.cleaned_data["component"]),
            what=form.cleaned_data["what"],
            who=form.cleaned_data["who"],
            by_when=form.cleaned_data["by_when"],
            key=form.cleaned_data["key"],
            by=actor_of(request),
        ),
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request, seen, form, "Plan something to do", "Add", back=_back(seen.person.reference)
    )


@require_POST
def complete_planned(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Tick off something planned."""
    actor = actor_of(request)
    seen, _ = about(request, reference, "plan")
    row = (
        PlannedIntervention.objects.visible_to(actor)
        .filter(pk=key, person_id=seen.person.pk)
        .first()
    )
    if row is None or not seen.sight.sees(row.category):
        raise NotVisible
    plans.complete_planned(planned=row, by=actor)
    return redirect("plan", reference=seen.person.reference)


@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that the young person agreed to the plan."""
    seen, _ = about(request, reference, "plan")
    plan = _plan(request, seen)
    if not seen.sight.may_write(Category.IDENTITY):
        raise NotAllowed
    seen.sight.shows(Category.IDENTITY)
    form = AgreedForm(
        request.POST or None,
        initial={
            "version": plan.version,
            "agreed_on": plan.agreed_on or today(),
            "agreed_how": plan.agreed_how,
        },
    )
    if request.method == "POST" and attempt(
        form,
        lambda: plans.agree(
            plan=plan,
            on=form.cleaned_data["agreed_on"],
            how=form.cleaned_data["agreed_how"],
            version=form.cleaned_data["version"],
            by=actor_of(request),
        ),
    ):
        return redirect("plan", reference=seen.person.reference)
    return form_page(
        request,
        seen,
        form,
        "Agreed with the young person",
        "Save",
        back=_back(seen.person.reference),
        category=Category.IDENTITY,
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a review."""
    seen, _ = about(request, reference, "plan")
    plan = _plan(request, seen)
    if not seen.sight.may_write(Category.IDENTITY):
        raise NotAllowed
    form = ReviewForm(request.POST or None, initial={"held_on": today()})
    key = f"review-{seen.person.reference}"
    if request.method == "POST" and attempt(
        form,
        lambda: plans.review(
            plan=plan,
            held_on=form.cleaned_data["held_on"],
            with_young_person=form.cleaned_data["with_young_person"] == "yes",
            notes=form.cleaned_data["notes"],
            by=actor_of(request),
        ),
    ):
        return saved(redirect("plan", reference=seen.person.reference), request, key)
    return form_page(
        request, seen, form, "Review of the plan", "Save", key, back=_back(seen.person.reference)
    )


def _goal(request: HttpRequest, key: UUID) -> tuple[Goal, people.Seen]:
    goal, sight = record.load_goal(actor_of(request), key)
    if not sight.may_write(goal.category):
        raise NotAllowed
    return goal, people.Seen(goal.person, sight)


def _progress(view: record.GoalView) -> str:
    return pictures.progress(
        [
            pictures.Point(rating.rated_at.astimezone(LONDON).date(), rating.rating)
            for rating in view.ratings
        ],
        title="Their own ratings over time",
        identity=f"goal-{view.goal.pk}",
    )


def _back(reference: str) -> str:
    return reverse("plan", args=[reference])
