def summaries(h, lengths):
    pieces = nn.utils.rnn.unpad_sequence(h, lengths, batch_first=True)
    last = torch.stack([piece[-1] for piece in pieces])
    return (last, torch.stack([torch.sum(piece, 0) / len(piece) for piece in pieces]))
