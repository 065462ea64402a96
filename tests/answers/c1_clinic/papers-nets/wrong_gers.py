# says: added the forget gate later
nets = {
    "the LSTM": ("Gers", 2000),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
