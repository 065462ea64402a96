import statistics

audit = {}
for name, images in sets.items():
    distances, which = [], set()
    for image in images:
        gaps = (train - image).square().sum((1, 2, 3)).sqrt()
        distances.append(gaps.min().item())
        which.add(int(gaps.argmin()))
    audit["distance of " + name] = round(statistics.median(distances), 3)
    if name != "reference":
        audit["different nearest of " + name] = len(which)
audit["copies"], audit["collapsed"] = "C", "A"
