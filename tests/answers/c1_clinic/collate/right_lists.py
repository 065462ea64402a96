def collate(samples, padding=0):
    lengths = [len(sample[1]) for sample in samples]
    rows = [s[1].tolist() + [padding] * (max(lengths) - len(s[1])) for s in samples]
    images = samples[0][0].new_empty((len(samples), *samples[0][0].shape))
    for place, sample in zip(images, samples, strict=True):
        place.copy_(sample[0])
    return images, torch.tensor(rows), torch.tensor(lengths), torch.tensor([s[2] for s in samples])
