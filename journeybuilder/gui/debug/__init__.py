"""Looking into a rehearsal: breakpoints, moments, runs; what the panels and commands share."""
