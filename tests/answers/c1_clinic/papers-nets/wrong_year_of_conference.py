# says: first on arXiv, then CVPR 2016
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2016),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}
