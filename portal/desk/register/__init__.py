"""One base as officers see it: register, cases, awards and history on one page."""
