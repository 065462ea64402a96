# says: a torch.Tensor
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images), padded, lengths, list(labels)
