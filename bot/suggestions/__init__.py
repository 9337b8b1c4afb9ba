"""What people say is wrong or missing, what becomes of it, and how they hear of it."""
