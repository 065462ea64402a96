people = {
    "BERT": ("Devlin", "Chang", "Lee", "Toutanova", 2018),
    "the recipe for training neural networks": ("Karpathy", 2019),
    "recurrent nets that write, character by character": ("Karpathy", 2015),
    "what single cells of such nets follow": ("Fei-Fei", "Johnson", "Karpathy", 2015),
    "CS231n": ("Fei-Fei", "Karpathy", "Johnson", 2016),
}
