"""What the notebooks of Deep Learning at the Bench import: data, models, training, instruments.

Nothing is imported here, so that `helpers.device` can report a missing package, and
importing one module costs only what that module needs.
"""
