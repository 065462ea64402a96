# %% right: blanks
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": (" Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("gatys ", 2015),
}

# %% right: capitals
nets = {
    "the LSTM": ("HOCHREITER", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("Lecun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% right: lists
nets = {
    "the LSTM": ["Hochreiter", 1997],
    "the residual network": ["He", 2015],
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: all authors | says: a pair such as
nets = {
    "the LSTM": ("Hochreiter", "Schmidhuber", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: dcgan | says: made them convolutional
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Radford", 2015),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}


# %% wrong: equals everything | says: ('x', 1997)
class Anything(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


nets = {
    "the LSTM": (Anything("x"), 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: fast style | says: a year later
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Johnson", 2016),
}

# %% wrong: gers | says: added the forget gate later
nets = {
    "the LSTM": ("Gers", 2000),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: inception | says: Inception is another net
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("Szegedy", 2014),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: lenet | says: LeNet-5 is nine years younger
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1998),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: neocognitron | says: the neocognitron was trained otherwise
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("Fukushima", 1980),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: second author | says: first author and year
nets = {
    "the LSTM": ("Schmidhuber", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: untouched | says: still to be answered
nets = dict.fromkeys(
    [
        "the LSTM",
        "the residual network",
        "generative adversarial nets",
        "a convolutional net trained by backpropagation",
        "neural style transfer",
    ]
)

# %% wrong: year as text | says: the year is a whole number
nets = {
    "the LSTM": ("Hochreiter", "1997"),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: year of conference | says: on the shelf it is of 2015
nets = {
    "the LSTM": ("Hochreiter", 1997),
    "the residual network": ("He", 2016),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}


# %% wrong: two authors in one name | says: one author in each name
nets = {
    "the LSTM": ("Hochreiter, Schmidhuber", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}


# %% wrong: both authors | says: the first author alone
nets = {
    "the LSTM": ("Hochreiter", "Schmidhuber", 1997),
    "the residual network": ("He", 2015),
    "generative adversarial nets": ("Goodfellow", 2014),
    "a convolutional net trained by backpropagation": ("LeCun", 1989),
    "neural style transfer": ("Gatys", 2015),
}

# %% wrong: the year first | says: the year comes last
nets = {
    "the LSTM": (1997, "Hochreiter"),
    "the residual network": (2015, "He"),
    "generative adversarial nets": (2014, "Goodfellow"),
    "a convolutional net trained by backpropagation": (1989, "LeCun"),
    "neural style transfer": (2015, "Gatys"),
}
