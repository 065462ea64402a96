def cut(tokens, B, T):
    text = tokens.tolist()
    M = (len(text) - 1) // B
    rows = [text[b * M : (b + 1) * M + 1] for b in range(B)]
    found = []
    k = 0
    while k < M:
        end = min(k + T, M)
        x = torch.tensor([row[k:end] for row in rows])
        y = torch.tensor([row[k + 1 : end + 1] for row in rows])
        found.append([x, y])
        k = end
    return found
