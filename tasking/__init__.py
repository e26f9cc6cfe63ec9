"""Floor 4: meetings, agendas, tasks, alerts."""
