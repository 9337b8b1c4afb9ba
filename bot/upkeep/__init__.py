"""Looking after what the bot knows: what needs care, links, feeds, imports with a choice, backups."""
