# %% right: lists
def collate(samples, padding=0):
    lengths = [len(sample[1]) for sample in samples]
    rows = [s[1].tolist() + [padding] * (max(lengths) - len(s[1])) for s in samples]
    images = samples[0][0].new_empty((len(samples), *samples[0][0].shape))
    for place, sample in zip(images, samples, strict=True):
        place.copy_(sample[0])
    return images, torch.tensor(rows), torch.tensor(lengths), torch.tensor([s[2] for s in samples])


# %% right: pad
def collate(samples, padding=0):
    lengths = [caption.shape[0] for _, caption, _ in samples]
    longest = max(lengths)
    captions = [F.pad(c, (0, longest - len(c)), value=padding) for _, c, _ in samples]
    images = torch.stack([image for image, _, _ in samples], dim=0)
    return [
        images,
        torch.stack(captions),
        torch.tensor(lengths),
        torch.tensor([s[2] for s in samples]),
    ]


# %% right: rows
def collate(samples, padding=0):
    T = max(len(caption) for _, caption, _ in samples)
    captions = torch.full((len(samples), T), padding)
    lengths = torch.zeros(len(samples), dtype=torch.long)
    for i, (_, caption, _) in enumerate(samples):
        captions[i, : len(caption)] = caption
        lengths[i] = len(caption)
    images = torch.cat([image[None] for image, _, _ in samples])
    return images, captions, lengths, torch.LongTensor([label for *_, label in samples])


# %% wrong: captions joined | says: the captions are joined into one
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.cat(captions)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: counted | says: a caption may contain it
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    lengths = (padded != padding).sum(1)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: float images | says: dtype torch.uint8
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images).float(), padded, lengths, torch.tensor(labels)


# %% wrong: float labels | says: dtype torch.int64
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images), padded, lengths, torch.tensor(labels, dtype=torch.float32)


# %% wrong: images joined | says: torch.stack makes a new dimension
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.cat(images), padded, lengths, torch.tensor(labels)


# %% wrong: in place | says: an operation in place
def collate(samples, padding=0):
    lengths = torch.tensor([len(caption) for _, caption, _ in samples])
    T = int(lengths.max())
    for _, caption, _ in samples:
        n = len(caption)
        caption.resize_(T)
        caption[n:] = padding
    images = torch.stack([image for image, _, _ in samples])
    captions = torch.stack([caption for _, caption, _ in samples])
    return images, captions, lengths, torch.tensor([label for *_, label in samples])


# %% wrong: labels list | says: a torch.Tensor
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images), padded, lengths, list(labels)


# %% wrong: left | says: on the right
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(
        captions, batch_first=True, padding_value=padding, padding_side="left"
    )
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: no lengths | says: images, captions, lengths, labels
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images), padded, torch.tensor(labels)


# %% wrong: not padded | says: stack expects each tensor to be equal size
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.stack(captions)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: one length | says: every caption has its own length
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    lengths = torch.full((len(samples),), padded.shape[1])
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: shortest | says: cut at the shortest
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = torch.stack([caption[: lengths.min()] for caption in captions])
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: sorted | says: keep their order
def collate(samples, padding=0):
    samples = sorted(samples, key=lambda sample: -len(sample[1]))
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True, padding_value=padding)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: sorted captions | says: keep their order
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(
        sorted(captions, key=len, reverse=True), batch_first=True, padding_value=padding
    )
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: time first | says: batch first
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, padding_value=padding)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: zero padding | says: not 0
def collate(samples, padding=0):
    images, captions, labels = zip(*samples, strict=True)
    lengths = torch.tensor([len(caption) for caption in captions])
    padded = nn.utils.rnn.pad_sequence(captions, batch_first=True)
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: length up to the last token that is no padding | says: its last ones may be the padding
def collate(samples, padding: int = 0):
    images = torch.stack([image for image, _, _ in samples])
    lengths = torch.tensor([len(caption) for _, caption, _ in samples])
    captions = torch.full((len(samples), int(lengths.max())), padding, dtype=torch.int64)
    for row, (_, caption, _) in zip(captions, samples):
        row[: len(caption)] = caption
    labels = torch.tensor([label for _, _, label in samples])
    places = torch.arange(1, captions.shape[1] + 1)
    lengths = ((captions != padding) * places).amax(1)
    return images, captions, lengths, labels


# %% wrong: a single sample loses its batch axis | says: is lost (squeeze
def collate(samples, padding: int = 0):
    images = torch.stack([image for image, _, _ in samples])
    lengths = torch.tensor([len(caption) for _, caption, _ in samples])
    captions = torch.full((len(samples), int(lengths.max())), padding, dtype=torch.int64)
    for row, (_, caption, _) in zip(captions, samples):
        row[: len(caption)] = caption
    labels = torch.tensor([label for _, _, label in samples])
    images = images.squeeze(0)
    return images, captions, lengths, labels


# %% wrong: one place too many | says: the last one along axis 1 is too many
def collate(samples, padding: int = 0):
    images = torch.stack([image for image, _, _ in samples])
    lengths = torch.tensor([len(caption) for _, caption, _ in samples])
    captions = torch.full((len(samples), int(lengths.max()) + 1), padding, dtype=torch.int64)
    for row, (_, caption, _) in zip(captions, samples):
        row[: len(caption)] = caption
    labels = torch.tensor([label for _, _, label in samples])
    return images, captions, lengths, labels


# %% wrong: bytes scaled | says: images stay as they are
def collate(samples, padding=0):
    images = torch.stack([sample[0] for sample in samples])
    if images.dtype == torch.uint8:
        images = images.float() / 255
    captions = nn.utils.rnn.pad_sequence([sample[1] for sample in samples], True, padding)
    lengths = torch.tensor([sample[1].numel() for sample in samples], dtype=torch.long)
    return (
        images,
        captions,
        lengths,
        torch.tensor([sample[2] for sample in samples], dtype=torch.long),
    )


# %% wrong: labels as a list | says: torch.tensor(...) of the list
def collate(samples, padding: int = 0):
    images, captions, labels = zip(*samples)
    lengths = torch.tensor([len(c) for c in captions])
    filled = torch.full((len(samples), int(lengths.max())), padding)
    for row, caption in zip(filled, captions):
        row[: len(caption)] = caption
    return torch.stack(images), filled, lengths, list(labels)


# %% wrong: three things | says: the lengths are returned too
def collate(samples, padding: int = 0):
    images, captions, labels = zip(*samples)
    lengths = torch.tensor([len(c) for c in captions])
    filled = torch.full((len(samples), int(lengths.max())), padding)
    for row, caption in zip(filled, captions):
        row[: len(caption)] = caption
    return torch.stack(images), filled, torch.tensor(labels)


# %% wrong: zeros first, then zeros become padding | says: each 0 has become padding
def collate(samples, padding: int = 0):
    images, captions, labels = zip(*samples)
    padded = nn.utils.rnn.pad_sequence(list(captions), batch_first=True)
    padded[padded == 0] = padding
    lengths = torch.tensor([len(c) for c in captions])
    return torch.stack(images), padded, lengths, torch.tensor(labels)


# %% wrong: captions are lengthened where they stand | says: an operation in place
def collate(samples, padding: int = 0):
    lengths = [len(c) for _, c, _ in samples]
    T = max(lengths)
    for (_, c, _), n in zip(samples, lengths):
        c.resize_(T)
        c[n:] = padding
    images = torch.stack([image for image, _, _ in samples])
    captions = torch.stack([c for _, c, _ in samples])
    return images, captions, torch.tensor(lengths), torch.tensor([label for _, _, label in samples])


# %% wrong: filled up to a multiple of eight | says: along axis 1 are too many
def collate(samples, padding=0):
    images, captions, labels = zip(*samples)
    lengths = torch.tensor([len(c) for c in captions])
    T = -(-int(lengths.max()) // 8) * 8
    rows = [F.pad(c, (0, T - len(c)), value=padding) for c in captions]
    return torch.stack(images), torch.stack(rows), lengths, torch.tensor(labels)
