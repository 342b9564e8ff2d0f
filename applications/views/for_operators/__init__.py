"""The operator's screens: find a call, fill in the dossier, submit it, follow it."""
