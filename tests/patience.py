"""The time that tests give to work on a slow and busy machine."""

SOON = 15.0
"""Most seconds of work that takes a moment: far more than it needs, far less than its failure would take."""

LONG = 60.0
"""Seconds of a wait that the test has to see cut short, or must never come to the end of."""
