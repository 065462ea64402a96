# says: without the function for it
from helpers.models.gan import discriminator_loss


def value(logit, is_real):
    return -discriminator_loss(logit[is_real], logit[~is_real])
