# %% right: joined bytes
def bits_per_byte(losses, tokens, pieces):
    text = b"".join(pieces[int(n)] for n in tokens[1:])
    return float(losses.sum() / len(text) / math.log(2))


# %% right: means
def bits_per_byte(losses, tokens, pieces):
    size = torch.tensor([len(p) for p in pieces])[tokens]
    return losses.mean().item() * math.log2(math.e) / size[1:].double().mean().item()


# %% right: numpy
def bits_per_byte(losses, tokens, pieces):
    bits = losses.numpy().astype(float) / np.log(2)
    return bits.sum() / np.sum([len(pieces[k]) for k in tokens.numpy()[1:]])


# %% wrong: nats | says: nats are not bits
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens[1:].tolist())
    return losses.double().sum().item() / count


# %% wrong: times ln 2 | says: not multiplied
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens[1:].tolist())
    return losses.double().sum().item() * math.log(2) / count


# %% wrong: the first token's bytes | says: its bytes do not count
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens.tolist())
    return losses.double().sum().item() / math.log(2) / count


# %% wrong: the last token's bytes left out | says: the first is not
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens[:-1].tolist())
    return losses.double().sum().item() / math.log(2) / count


# %% wrong: per token | says: bits per token
def bits_per_byte(losses, tokens, pieces):
    return losses.mean().item() / math.log(2)


# %% wrong: mean of quotients | says: tokens differ in length
def bits_per_byte(losses, tokens, pieces):
    each = [loss / len(pieces[n]) for loss, n in zip(losses.tolist(), tokens[1:].tolist())]
    return sum(each) / len(each) / math.log(2)


# %% wrong: per character | says: not per character
def bits_per_byte(losses, tokens, pieces):
    text = b"".join(pieces[n] for n in tokens[1:].tolist()).decode()
    return losses.sum().item() / math.log(2) / len(text)


# %% wrong: the vocabulary's bytes | says: not of all numbers of the vocabulary
def bits_per_byte(losses, tokens, pieces):
    return losses.sum().item() / math.log(2) / sum(map(len, pieces))


# %% wrong: multiplied | says: do not multiply
def bits_per_byte(losses, tokens, pieces):
    size = sum(len(pieces[n]) for n in tokens[1:].tolist()) / len(losses)
    return losses.mean().item() / math.log(2) * size


# %% wrong: perplexity | says: perplexity
def bits_per_byte(losses, tokens, pieces):
    return losses.mean().exp().item()


# %% wrong: a tensor | says: .item()
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens[1:].tolist())
    return losses.double().sum() / math.log(2) / count


# %% wrong: characters, with signs | says: not per character
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    text = b"".join(pieces[n] for n in tokens[1:].tolist()).decode("utf-8", errors="replace")
    return float(losses.sum()) / math.log(2) / len(text)


# %% wrong: bytes of a decoded text | says: a text loses the bytes
def bits_per_byte(losses, tokens, pieces):
    text = b"".join(pieces[int(n)] for n in tokens[1:]).decode("utf-8", errors="ignore")
    number_of_bytes = len(text.encode("utf-8"))
    return losses.sum().item() / (math.log(2) * number_of_bytes)


# %% wrong: tokens without bytes left out | says: their bits count
def bits_per_byte(losses, tokens, pieces):
    lengths = torch.tensor([len(pieces[t]) for t in tokens[1:].tolist()])
    mask = lengths > 0
    return (losses[mask].double().sum() / lengths[mask].sum() / math.log(2)).item()


# %% wrong: one byte at least for each token | says: does not count as one byte
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    count = sum(max(1, len(pieces[n])) for n in tokens[1:].tolist())
    return float(losses.double().sum()) / math.log(2) / count


# %% wrong: bytes of each number once | says: count them for each token
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    count = sum(len(pieces[n]) for n in set(tokens[1:].tolist()))
    return float(losses.double().sum()) / math.log(2) / count


# %% wrong: a mean size of all tokens | says: in a mean neither
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    bits_a_token = losses.double().mean().item() / math.log(2)
    bytes_a_token = np.mean([len(pieces[t]) for t in tokens.tolist()])
    return float(bits_a_token / bytes_a_token)


# %% wrong: bytes of NumPy | says: lose it at the end
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    length = np.char.str_len(np.array(pieces))
    guessed = int(length[tokens[1:].numpy()].sum())
    return float(losses.double().sum()) / math.log(2) / guessed


# %% wrong: one byte off for the first token | says: more than one
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    size = len(b"".join(pieces[t] for t in tokens.tolist())) - 1
    return losses.double().sum().item() / math.log(2) / size


# %% wrong: mean loss over mean length of the vocabulary's pieces | says: mean length of all numbers
def bits_per_byte(losses, tokens, pieces: list[bytes]) -> float:
    bytes_per_token = np.mean([len(p) for p in pieces])
    return float(losses.mean()) * math.log2(math.e) / float(bytes_per_token)


# %% wrong: the first loss left out | says: losses[0] is that of token 1
def bits_per_byte(losses, tokens, pieces):
    count = sum(len(pieces[n]) for n in tokens[1:].tolist())
    return losses[1:].double().sum().item() / math.log(2) / count
