"""How good the conversion is: one scorer for each kind of gold, and one form that all of them give their scores in."""
