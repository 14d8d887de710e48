"""The diary's forms: a day as it is asked, typed, corrected, and copied from paper."""
