# says: the neocognitron was trained otherwise
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("Fukushima", 1980),
    "neural style transfer": ("Gatys", 2015),
}
