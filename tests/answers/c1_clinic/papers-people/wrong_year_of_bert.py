# says: the Transformer itself
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2019),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}
