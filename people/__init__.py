"""Floor 2: who the young people are; nothing about who may see it."""
