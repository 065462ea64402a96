# says: by hand
from helpers.models.ngram import NGram


def witten_bell(text, context, w, V):
    letters = sorted(set(text + context + w))
    model = NGram(torch.tensor([letters.index(a) for a in text]), len(context) + 1, V)
    at = torch.tensor([letters.index(a) for a in context], dtype=torch.int64)
    return model.next_distribution(at)[letters.index(w)].item()
