"""Floor 6: cases, plans, interventions, reviews, step-down."""
