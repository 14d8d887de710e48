"""What a recovery is, in plain values and small functions.

Standard library only. Every value is frozen; None means "not recorded", never zero and never "no".
Dates are civil dates chosen by the patient, instants are aware datetimes in UTC, and periods
include both their first and their last day.
"""
