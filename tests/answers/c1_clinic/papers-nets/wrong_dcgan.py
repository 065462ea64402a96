# says: made them convolutional
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Radford", 2015),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
