# says: a torch.Tensor
def smoothed_loss(logits, y, eps=0.1):
    log_p = F.log_softmax(logits, 1)
    return -((1 - eps) * log_p[torch.arange(len(y)), y] + eps * log_p.mean(1)).mean().item()
