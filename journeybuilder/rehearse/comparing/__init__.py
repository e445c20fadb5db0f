"""Models and versions side by side: who does better, what it costs, what may be chance."""
