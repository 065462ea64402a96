"""Instruments: what to read off a network before, during and after training."""

from helpers.diagnostics.cnn import (
    dead_channels,
    extent,
    feature_maps,
    layer_costs,
    occlusion_map,
    receptive_field,
)
from helpers.diagnostics.gan import (
    Coverage,
    frechet_distance,
    mode_coverage,
    nearest,
    precision_recall,
)
from helpers.diagnostics.training import (
    dead_units,
    filter_normalised_direction,
    gradient_against_lag,
    layer_statistics,
    learning_rate_range_test,
    loss_at_initialisation,
    loss_surface,
    overfit_one_batch,
    update_ratios,
    weights,
)
from helpers.diagnostics.translation import bleu, chrf, ngrams
