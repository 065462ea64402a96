# says: a pair such as
nets = {
    "the LSTM": ("Hochreiter", "Schmidhuber", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
