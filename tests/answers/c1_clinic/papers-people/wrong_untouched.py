# says: still to be answered
people = dict.fromkeys(
    [
        "BERT",
        "the recipe for training neural networks",
        "recurrent nets that write, character by character",
        "what single cells of such nets follow",
        "CS231n",
    ]
)
