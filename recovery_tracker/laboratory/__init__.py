"""Research: simulated recoveries, and how well the trend module does on them.

Only the commands `simulate` and `evaluate` use it; no page and no other command does. Simulated
cohorts rank methods. They say nothing about how many real worsenings would be found.
"""
