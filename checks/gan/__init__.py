"""The checks of assignment 5, generative adversarial networks: one for each item."""

from checks.gan.best import check_best_d
from checks.gan.clip import check_clip
from checks.gan.game import check_sure, check_value
from checks.gan.measures import check_audit, check_audit_form, check_frechet
from checks.gan.modes import check_coverage
from checks.gan.predict import check_predicted, check_predicted_form
from checks.gan.rules import check_game
from checks.gan.singular import check_spectral
from checks.gan.slopes import check_penalty
from checks.gan.steps import check_d_step, check_g_step

__all__ = [
    "check_audit",
    "check_audit_form",
    "check_best_d",
    "check_clip",
    "check_coverage",
    "check_d_step",
    "check_frechet",
    "check_g_step",
    "check_game",
    "check_penalty",
    "check_predicted",
    "check_predicted_form",
    "check_spectral",
    "check_sure",
    "check_value",
]
