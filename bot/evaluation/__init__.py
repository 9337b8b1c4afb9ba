"""How well the program understands messages whose meaning is known: `./useit evaluate`."""
