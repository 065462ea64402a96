# says: by hand
from helpers.models.rnn import adjusted


def next_probabilities(logits, temperature=1.0, top_k=None):
    p = adjusted(logits, temperature or 1.0, top_k if temperature else 1)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)
