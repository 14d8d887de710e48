"""Simulated recoveries and the proof of the trend module; nothing here runs in the product.

Simulated cohorts rank methods. They say nothing about how many real worsenings would be found.
"""
