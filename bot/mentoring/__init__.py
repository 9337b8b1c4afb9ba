"""People who went the way offer an hour to those who begin it: offers, vetting, introductions, and the relay between two."""
