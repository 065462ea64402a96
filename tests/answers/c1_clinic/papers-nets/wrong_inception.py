# says: Inception is another net
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("Szegedy", 2014),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
