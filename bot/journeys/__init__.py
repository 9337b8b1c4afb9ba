"""How far people have come: check-ins at a rhythm they choose, what changed for them, and the way told back."""
