# says: cut at the shortest
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.stack([caption[: lengths.min()] for caption in captions])
    return torch.stack(images), padded, lengths, torch.tensor(labels)
