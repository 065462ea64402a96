# says: by hand
def smoothed_loss(logits, y, eps=0.1):
    return nn.CrossEntropyLoss(label_smoothing=eps)(logits, y)
