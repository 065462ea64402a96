# says: not 0
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True)
    return torch.stack(images), padded, lengths, torch.tensor(labels)
