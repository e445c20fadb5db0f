"""How everything looks, and the small parts that everything is made of."""
