"""Training: one loop for every kind, and `fit`, what students meet first.

On the way of a batch: `sources` (batch) -> a step (losses) -> `loop` (updates) -> `history`.
How is said by `plan`; what goes wrong is `recovery`'s.
"""

from helpers.models.modes import eval_mode, parameter_count, train_mode
from helpers.training.adversaries import fit_gan
from helpers.training.classifier import evaluate, fit, predict
from helpers.training.history import History, TrainingError
from helpers.training.loop import Loop
from helpers.training.numbers import Loss
from helpers.training.plan import SCHEDULES, Plan, Schedule
from helpers.training.sources import Shuffled, Source
from helpers.training.train import train
from helpers.training.windows import fit_gpt
