# says: a post on a blog, in 2019
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Goodfellow", 2016),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}
