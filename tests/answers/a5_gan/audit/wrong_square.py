# says: not its square
from helpers import diagnostics

found = {name: diagnostics.nearest(images, train) for name, images in sets.items()}
distances = {name: (distance**2).median().item() for name, (distance, _) in found.items()}
different = {name: len(found[name][1].unique()) for name in "ABC"}
audit = {f"distance of {name}": distance for name, distance in distances.items()}
audit |= {f"different nearest of {name}": count for name, count in different.items()}
audit |= {"copies": min("ABC", key=distances.get), "collapsed": min(different, key=different.get)}
