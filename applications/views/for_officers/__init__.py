"""The officer's screens: the dossier and what may be done on it, calls, public notices, objections."""
