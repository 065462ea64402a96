nets = {
    "the LSTM": ("HOCHREITER", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("Lecun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
