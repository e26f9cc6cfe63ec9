"""The kinds of intervention, as the first version of the list.

Versioned data, not code: `migrations/0002_kinds.py` writes these rows once, and units adapt
them afterwards. The eight components stay. An empty component means "across all eight".
"""

from __future__ import annotations

VERSION = 1

KINDS: dict[str, tuple[tuple[str, str], ...]] = {
    "exiting_gang": (
        ("understanding-why", "Understanding why they joined, and their life then"),
        ("exit-planning", "Exit planning"),
    ),
    "harm": (
        ("safety-planning", "Safety planning"),
        ("social-media", "Staying safe on social media"),
        ("how-they-come-across", "How they come across and communicate"),
    ),
    "offending": (
        ("offending-mapping", "Mapping what led to an offence"),
        ("conflict-resolution", "Conflict resolution"),
        ("triggers", "Triggers and what to do about them"),
    ),
    "housing": (
        ("housing-advice", "Housing advice"),
        ("housing-advocacy", "Advocacy with a landlord or the council"),
        ("relocation", "Relocation"),
        ("independent-living", "Independent living skills"),
        ("tenancy-sustainment", "Keeping a tenancy"),
        ("support-network", "Support network in a new area"),
    ),
    "health": (
        ("psychotherapy", "Psychotherapy (16 to 25)"),
        ("help-to-health-services", "Help to reach other health services"),
        ("physical-health", "Physical health"),
        ("substance-use", "Substance use"),
    ),
    "relationships": (
        ("healthy-relationships", "Healthy relationships with peers and partners"),
        ("harmful-sexual-behaviour", "Harmful sexual behaviour"),
        ("how-others-are-affected", "How others are affected"),
    ),
    "family": (
        ("family-work", "Family work alongside"),
        ("mediation", "Mediation"),
        ("parents-understanding", "Parents’ understanding"),
        ("siblings", "Work with brothers and sisters"),
    ),
    "employment": (
        ("jobcentre-adviser", "Session with the jobcentre adviser"),
        ("benefits", "Benefits"),
        ("cv-and-pre-employment", "CV and getting ready for work"),
        ("placement", "Getting and keeping a placement"),
    ),
    "": (
        ("resilience", "Resilience"),
        ("self-esteem", "Self-esteem"),
        ("identity-and-belonging", "Identity and belonging"),
        ("practical-help", "Practical help (a bank account, a driving-theory test, a letter)"),
        ("check-in", "Check-in"),
        ("youth-club-session", "Session at a youth club or activity"),
        ("professionals-meeting", "Meeting with others for the young person"),
    ),
}
"""By component: code and name, in the order in which the form shows them."""
