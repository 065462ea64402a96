# says: every caption has its own length
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    lengths = torch.full((len(samples),), padded.shape[1])
    return torch.stack(images), padded, lengths, torch.tensor(labels)
