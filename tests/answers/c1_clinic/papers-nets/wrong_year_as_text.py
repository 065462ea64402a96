# says: the year is a whole number
nets = {
    "the LSTM": ("Hochreiter", "1997"),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
