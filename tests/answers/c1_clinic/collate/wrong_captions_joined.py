# says: the captions are joined into one
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.cat(captions)
    return torch.stack(images), padded, lengths, torch.tensor(labels)
