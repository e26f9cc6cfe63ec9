"""The words in which a young person is asked, by version: what they agreed to can be read again.

A version is never changed once it has been used; a new one is added, and becomes the last.
"""

from __future__ import annotations

from access.categories import Category

WORDINGS: dict[str, str] = {
    "2026-11": (
        "We would like to share some things about you with the people named here, so that they"
        " can help. You choose who, what and until when. Saying no changes nothing about the"
        " help you get from us. You can change your mind at any time: tell any of us, and it"
        " stops that moment. If somebody is in danger we may have to share without asking;"
        " then we tell you, unless that would put somebody at risk."
    ),
}

CURRENT = list(WORDINGS)[-1]

CALLED: dict[Category, str] = {
    Category.POINTER: "My name and who my worker is",
    Category.IDENTITY: "Who I am",
    Category.CONTACT: "How to reach me",
    Category.SAFE_ADDRESS: "Where I live now",
    Category.SAFETY: "My safety plan",
    Category.EDUCATION: "School and college",
    Category.EXITING_GANG: "Leaving it behind",
    Category.HARM: "Keeping safe",
    Category.OFFENDING: "Staying out of trouble",
    Category.HOUSING: "A place to live",
    Category.HEALTH: "Feeling well",
    Category.RELATIONSHIPS: "The people around me",
    Category.FAMILY: "My family",
    Category.EMPLOYMENT: "Work and learning",
    Category.CLINICAL: "What I say in therapy",
    Category.TASKING: "Who does what for me next",
    Category.ENFORCEMENT: "What police and courts do",
}
"""What each category is called to the young person: no label that is not their own."""

EXPLAINED: dict[Category, str] = {
    Category.IDENTITY: "Birthday, background, languages, what helps you",
    Category.CONTACT: "Phone, email, address, what is safe to use",
    Category.SAFETY: "What to watch out for, places to avoid, whom to call",
    Category.EDUCATION: "School, college, suspensions",
    Category.HEALTH: "Health and wellbeing, not what you say in therapy",
    Category.TASKING: "What the workers have promised to do",
}
"""A few more words, where the name alone does not say it."""
