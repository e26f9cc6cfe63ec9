"""Floor 0: base model, clock, outbox, GOV.UK tags. No domain, and it stays small."""
