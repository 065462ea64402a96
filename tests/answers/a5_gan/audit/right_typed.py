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
