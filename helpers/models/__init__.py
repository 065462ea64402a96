"""The models of the course, one file per topic, each written to be read beside its paper."""
