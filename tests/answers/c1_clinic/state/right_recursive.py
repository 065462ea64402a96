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
