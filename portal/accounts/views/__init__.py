"""Screens about people: entering, oneself, stand-ins, other people, an operator's people."""
