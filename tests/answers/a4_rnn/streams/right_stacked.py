def cut(tokens, B, T):
    M = (tokens.numel() - 1) // B
    x = torch.stack([tokens[b * M : (b + 1) * M] for b in range(B)]).to(torch.int64)
    y = torch.stack([tokens[b * M + 1 : (b + 1) * M + 1] for b in range(B)]).to(torch.int64)
    return [(x[:, k : k + T], y[:, k : k + T]) for k in range(0, M, T)]
