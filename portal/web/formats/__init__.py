"""How dates are written where Django would write them as its locale files have it."""
