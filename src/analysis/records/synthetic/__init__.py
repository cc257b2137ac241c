"""The synthetic sample: records of nobody, made to come to what an authority has published."""
