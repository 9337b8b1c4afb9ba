"""Hears danger, and questions about an own immigration case, before and beside Rasa."""

from engine.safety.listener import KINDS, SILENT, Alarm, Listener

__all__ = ["KINDS", "SILENT", "Alarm", "Listener"]
