"""Voice messages and videos that a person may be given to hear: where the channel keeps them, for how long, and who agreed to it."""
