"""Who plays what in a rehearsal: customer, people, tools and models, from scripts, schemas, chance or for real."""
