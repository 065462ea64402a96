# says: by hand
def cut(tokens, B, T):
    from helpers.models import rnn

    pieces = list(rnn.streams(tokens, B, T))
    M = (len(tokens) - 1) // B
    done = len(pieces) * T
    x, y = tokens[: B * M].view(B, M), tokens[1 : B * M + 1].view(B, M)
    return pieces + [(x[:, done:].long(), y[:, done:].long())] * (done < M)
