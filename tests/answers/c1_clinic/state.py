# %% right: detach at the start
def train_texts(net, texts, optimiser):
    losses = []

    def one_piece(x, y, state):
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        elif state is not None:
            state = state.detach()
        optimiser.zero_grad()
        logits, state = net(x, state)
        loss = F.cross_entropy(logits, y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        return state

    for text in texts:
        state = None
        for x, y in text:
            state = one_piece(x, y, state)
    return losses


# %% right: helper
from helpers.models import rnn


def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, None if state is None else rnn.detach(state))
            loss = F.cross_entropy(logits.transpose(1, 2).flatten(0, 1), y.flatten())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% right: recursive
def cut_graph(state):
    if isinstance(state, (tuple, list)):
        return tuple(map(cut_graph, state))
    return state.data


def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        for i, (x, y) in enumerate(pieces):
            output = net(x) if i == 0 else net(x, memory)
            loss = nn.CrossEntropyLoss()(output[0], y)
            net.zero_grad()
            loss.backward()
            optimiser.step()
            memory = cut_graph(output[1])
            losses.append(float(loss))
    return losses


# %% wrong: cell lost | says: the state that came back
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = (
                state.detach()
                if torch.is_tensor(state)
                else (state[0].detach(), 0 * state[1].detach())
            )
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: every piece afresh | says: within a text the state goes on
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, None)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: half detached | says: detach it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else (state[0].detach(), state[1])
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: initialised once | says: every text begins afresh
def train_texts(net, texts, optimiser):
    losses, state = [], None
    for pieces in texts:
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: loss per text | says: a list of 5 floats
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        losses.append(loss.item())
    return losses


# %% wrong: never initialised | says: cannot access local variable 'state'
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: no step | says: no step was made
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            losses.append(loss.item())
    return losses


# %% wrong: no zero grad | says: gradients from before are still in it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: not detached | says: detach it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: pair only | says: the state of nn.GRU is one tensor
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: reads twice | says: once per piece
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            net(x, None)
            losses.append(loss.item())
    return losses


# %% wrong: retained | says: detach it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward(retain_graph=True)
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: step per text | says: no step was made
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state, total = None, 0.0
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            losses.append(loss.item())
            total = total + loss
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
    return losses


# %% wrong: sum | says: the sum over all tokens
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y, reduction="sum")
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: tensor only | says: 'tuple' object has no attribute 'detach'
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach()
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: tensors | says: losses.append(loss.item())
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.detach())
    return losses


# %% wrong: tuple to loss | says: must be Tensor, not tuple
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits = net(x, state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: logits flattened the wrong way | says: reshape mixes tokens and places
def train_texts(net, texts, optimiser) -> list[float]:
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            loss = F.cross_entropy(logits.reshape(-1, logits.shape[1]), y.reshape(-1))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
    return losses


# %% wrong: gradients cleared after the step only | says: gradients left over from before: text 1, piece 1
def train_texts(net, texts, optimiser) -> list[float]:
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
            losses.append(loss.item())
    return losses


# %% wrong: sets the rate of the optimiser for good | says: a setting of the optimiser
def train_texts(net, texts, optimiser) -> list[float]:
    losses = []
    optimiser.param_groups[0]["lr"] *= 1.0 + 1e-12
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: a generator for a pair | says: tuple(...) of it makes the pair
def train_texts(net, texts, optimiser) -> list[float]:
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = (s.detach() for s in state) if isinstance(state, tuple) else state.detach()
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses


# %% wrong: memory in a default argument | says: afresh, with None or zeros, in each call
def train_texts(net, texts, optimiser, memory=[None]) -> list[float]:
    losses = []
    for k, pieces in enumerate(texts):
        if k:
            memory[0] = None
        for x, y in pieces:
            z, new = net(x, memory[0])
            loss = F.cross_entropy(z, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(float(loss.detach()))
            memory[0] = new.detach() if torch.is_tensor(new) else tuple(s.detach() for s in new)
    return losses


# %% wrong: pieces of all texts in turn | says: one after the other
def train_texts(net, texts, optimiser) -> list[float]:
    from itertools import zip_longest

    states = [None] * len(texts)
    losses = []
    for column in zip_longest(*texts):
        for k, piece in enumerate(column):
            if piece is None:
                continue
            x, y = piece
            z, s = net(x, states[k])
            loss = F.cross_entropy(z, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            states[k] = s.detach() if torch.is_tensor(s) else [t.detach() for t in s]
            losses.append(loss.item())
    return losses


# %% wrong: last short piece left out | says: a shorter last one too
def train_texts(net, texts, optimiser) -> list[float]:
    losses = []
    for pieces in texts:
        state, T = None, pieces[0][0].shape[1]
        for x, y in pieces:
            if x.shape[1] < T:
                break
            optimiser.zero_grad()
            z, state = net(x, state)
            loss = F.cross_entropy(z, y)
            loss.backward()
            optimiser.step()
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            losses.append(loss.item())
    return losses
