# says: stack expects each tensor to be equal size
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.stack(captions)
    return torch.stack(images), padded, lengths, torch.tensor(labels)
