# says: still to be answered
nets = dict.fromkeys(
    [
        "the LSTM",
        "the residual network",
        "generative adversarial nets",
        "a convolutional net trained by backpropagation",
        "neural style transfer",
    ]
)
