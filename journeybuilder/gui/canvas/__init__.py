"""The canvas: a journey drawn as cards and wires, and the gestures that change it."""
