# %% right: li
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Johnson", "Karpathy", "Li", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% right: lists
people = {
    "BERT": ["Chang", "Devlin", "Lee ", "Toutanova", 2018],
    "the recipe for training neural networks": ["karpathy", 2019],
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% right: order of print
people = {
    "BERT": ("Devlin", "Chang", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Fei-Fei", "Karpathy", "Johnson", 2016),
}

# %% wrong: book | says: a post on a blog, in 2019
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Goodfellow", 2016),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: elman | says: three authors
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Elman", 1990),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: first author only | says: a name is missing
people = {
    "BERT": ("Devlin", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% right: first names
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Andrej Karpathy", "Fei-Fei Li", "Justin Johnson", 2016),
}

# %% wrong: graves | says: two years later
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Graves", 2013),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: ng | says: the course page names three
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Ng", 2016),
}

# %% wrong: one author | says: a name is missing
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: one teacher | says: a name is missing
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Karpathy", 2016),
}

# %% wrong: paper for post | says: the paper that measures single cells is another
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: same person twice | says: ('Fei-Fei', 'Karpathy', 'Li', 2016)
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Fei-Fei", "Karpathy", "Li", 2016),
}

# %% wrong: transformer | says: the Transformer itself
people = {
    "BERT": ("Vaswani", 2017),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: untouched | says: still to be answered
people = dict.fromkeys(
    [
        "BERT",
        "the recipe for training neural networks",
        "recurrent nets that write, character by character",
        "what single cells of such nets follow",
        "CS231n",
    ]
)

# %% wrong: year first | says: such as ("Bengio", "LeCun", 2007)
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": (2019, "Karpathy"),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}

# %% wrong: year of bert | says: on the shelf it is of 2018
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2019),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}


# %% wrong: all names in one | says: one author in each name
people = {
    "BERT": ("Devlin, Chang, Lee, Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Karpathy", "Johnson", "Fei-Fei", 2015),
    "CS231n": ("Johnson", "Karpathy", "Fei-Fei Li", 2016),
}


# %% wrong: with et al | says: no 'et al.'
people = {
    "BERT": ("Devlin", "et al.", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Karpathy", "Johnson", "Fei-Fei", 2015),
    "CS231n": ("Li", "Karpathy", "Johnson", 2016),
}

# %% wrong: the course as it was first taught | says: a name is missing, and the year
people = {
    "BERT": ("Devlin", "Chang", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Karpathy", "Johnson", "Fei-Fei", 2015),
    "CS231n": ("Li", "Karpathy", 2015),
}

# %% wrong: a comma forgotten between two names | says: no such family name on the shelf: karpathyjohnson
people = {
    "BERT": ("Devlin", "Chang", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("KarpathyJohnson", "Fei-Fei", 2015),
    "CS231n": ("Fei-Fei Li", "Karpathy", "Johnson", 2016),
}


# %% wrong: one person as two | says: one person stands there twice
people = {
    "BERT": ("Devlin", "Chang", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Karpathy", "Johnson", "Fei-Fei", 2015),
    "CS231n": ("Fei-Fei", "Li", "Karpathy", "Johnson", 2016),
}

# %% wrong: names in a tuple of their own | says: without another inside it
people = {
    "BERT": (("Devlin", "Chang", "Lee", "Toutanova"), 2018),
    "the recipe for training neural networks": (("Karpathy",), 2019),
    "recurrent nets that write, character by character": (("Karpathy",), 2015),
    "what single cells of such nets follow": (("Karpathy", "Johnson", "Fei-Fei"), 2015),
    "CS231n": (("Li", "Karpathy", "Johnson"), 2016),
}
