"""Floor 1: users, agencies, memberships, the rota, what a role may do, signing in."""
