"""The words of suggestions: what can be wrong, where each one stands, why one is not used."""

from __future__ import annotations

PLACE = "place"  # a place that is not in our list
WRONG = ("price", "contact", "hours", "translation", "closed", "other")
ABOUT = ("terms", "services", "opportunities", "pathways")  # kinds of entries a suggestion can be about; of a pathway one step
DECLINED = ("is_right", "not_sure", "not_ours", "unclear", "cannot")
# what may become of a suggestion: open, somebody works on it (taken), and its three ends
MOVES = {
    "open": ("taken", "used", "declined", "merged"),
    "taken": ("open", "used", "declined", "merged"),
    "used": (),
    "declined": ("open",),
    "merged": ("open",),
}
WAITING = ("open", "taken")
