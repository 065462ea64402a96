# says: by hand
def bits_per_character(model, tokens, T):
    from helpers.models import rnn

    return rnn.bits_per_character(model, tokens, 1)
