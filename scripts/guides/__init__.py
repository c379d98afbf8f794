"""The guides that are made from the data files: what is read off for people is what is deployed."""
