flat = train.flatten(1)
audit = {}
for name, images in sets.items():
    distance, index = torch.cdist(images.flatten(1), flat).min(dim=1)
    audit[f"distance of {name}"] = float(distance.median())
    audit[f"different nearest of {name}"] = len(set(index.tolist()))
audit["copies"] = min("ABC", key=lambda n: audit[f"distance of {n}"])
audit["collapsed"] = min("ABC", key=lambda n: audit[f"different nearest of {n}"])
