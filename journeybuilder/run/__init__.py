"""The engine: events, the state that follows from them, steps, the gate."""
