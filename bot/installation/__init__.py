"""What an admin sets while the program runs, over what the environment says."""
