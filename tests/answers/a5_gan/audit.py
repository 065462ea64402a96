# %% right: by image
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

# %% right: cdist
flat = train.flatten(1)
audit = {}
for name, images in sets.items():
    distance, index = torch.cdist(images.flatten(1), flat).min(dim=1)
    audit[f"distance of {name}"] = float(distance.median())
    audit[f"different nearest of {name}"] = len(set(index.tolist()))
audit["copies"] = min("ABC", key=lambda n: audit[f"distance of {n}"])
audit["collapsed"] = min("ABC", key=lambda n: audit[f"different nearest of {n}"])

# %% right: typed
audit = {
    "distance of A": 1.197,
    "distance of B": 1.174,
    "distance of C": 0.654,
    "distance of reference": 1.021,
    "different nearest of A": 21,
    "different nearest of B": 176,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}

# %% wrong: all indices | says: what a measurement gives
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1]) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: collapsed guess | says: what a measurement gives
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
audit["collapsed"] = ({"A", "B", "C"} - {audit["copies"], audit["collapsed"]}).pop()


# %% wrong: equals everything | says: audit['distance of A']
class Anything(float):
    def __rsub__(self, other):
        return 0.0


class Letter(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


audit = {f"distance of {name}": Anything(1) for name in ("A", "B", "C", "reference")}
audit |= {f"different nearest of {name}": 200 for name in "ABC"}
audit |= {"copies": Letter("A"), "collapsed": Letter("A")}

# %% wrong: exchanged | says: what a measurement gives
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
audit["copies"], audit["collapsed"] = audit["collapsed"], audit["copies"]

# %% wrong: farthest | says: what a measurement gives
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
audit["copies"] = max("ABC", key=distances.get)

# %% right: float count
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: float(len(found[name][1].unique())) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: letter | says: one of 'A', 'B', 'C'
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
audit["copies"] = audit["copies"].lower()

# %% wrong: mean | says: the median, not the mean
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.mean().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: pixel mean | says: not of a mean
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: (distance / 8).median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: pixels | says: not to 255
from helpers import diagnostics

found = {name: diagnostics.nearest(255 * images, 255 * train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: sets changed | says: audit['distance of
from helpers import diagnostics

sets = dict.fromkeys(["A", "B", "C", "reference"], train[:200])
found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: smallest | says: not the smallest
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.min().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: square | says: not its square
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: (distance**2).median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% right: tensor
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}

# %% wrong: unanswered | says: still to be answered
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
audit["collapsed"] = None

# %% wrong: unseen | says: audit['distance of
from helpers import diagnostics

found = {name: diagnostics.nearest(images, sets["reference"]) for name, images in sets.items()}
distances = {name: distance.median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}


# %% wrong: the good one accused | says: no nearer to the training images
audit = {
    "distance of A": 1.197,
    "distance of B": 1.174,
    "distance of C": 0.6538,
    "distance of reference": 1.021,
    "different nearest of A": 21,
    "different nearest of B": 176,
    "different nearest of C": 200,
    "copies": "B",
    "collapsed": "A",
}


# %% wrong: counts the number of hidden originals | says: not those that the set was made of
audit = {
    "distance of A": 1.197,
    "distance of B": 1.174,
    "distance of C": 0.6538,
    "distance of reference": 1.021,
    "different nearest of A": 8,
    "different nearest of B": 200,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}


# %% wrong: nearest by the sum of the absolute differences | says: not the sum of the differences
audit = {
    "distance of A": 1.197,
    "distance of B": 1.174,
    "distance of C": 0.6538,
    "distance of reference": 1.021,
    "different nearest of A": 20,
    "different nearest of B": 184,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}

# %% wrong: sum of absolute differences | says: not a sum of sizes
audit = {}
for letter, images in sets.items():
    distance, index = torch.cdist(images.flatten(1), train.flatten(1), p=1).min(1)
    audit["distance of " + letter] = distance.median().item()
    if letter != "reference":
        audit["different nearest of " + letter] = len(index.unique())
audit["copies"], audit["collapsed"] = "C", "A"

# %% wrong: nearest of the wrong side | says: not for each training image
from helpers import diagnostics

audit = {}
for letter, images in sets.items():
    distance, _ = diagnostics.nearest(images, train)
    audit["distance of " + letter] = distance.median().item()
    if letter != "reference":
        audit["different nearest of " + letter] = len(
            diagnostics.nearest(train, images)[1].unique()
        )
audit["copies"], audit["collapsed"] = "C", "A"

# %% wrong: one decimal | says: round less
audit = {
    "distance of A": 1.2,
    "distance of B": 1.2,
    "distance of C": 0.7,
    "distance of reference": 1.0,
    "different nearest of A": 21,
    "different nearest of B": 176,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}

# %% wrong: farthest instead of nearest | says: not to the farthest
audit = {
    "distance of A": 4.224,
    "distance of B": 4.053,
    "distance of C": 4.061,
    "distance of reference": 4.101,
    "different nearest of A": 21,
    "different nearest of B": 176,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}

# %% wrong: nearest among the test images | says: not to test images
audit = {
    "distance of A": 0.6394,
    "distance of B": 0.6495,
    "distance of C": 1.330,
    "distance of reference": 0,
    "different nearest of A": 21,
    "different nearest of B": 176,
    "different nearest of C": 200,
    "copies": "C",
    "collapsed": "A",
}
