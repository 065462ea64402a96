"""Instruments: what to read off a network before, during and after training."""
