# says: three authors
people = {
    "BERT": ("Chang", "Devlin", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Elman", 1990),
    "CS231n": ("Johnson", "Karpathy", "Li", 2016),
}
