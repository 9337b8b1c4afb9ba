"""The commands that others script. Their shapes are promises: docs/commands.md."""
