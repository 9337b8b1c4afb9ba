"""What was done and what came of it, as counts that give nobody away."""
