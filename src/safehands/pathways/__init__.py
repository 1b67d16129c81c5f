"""Pathways as declarations: one folder of data each, and the loader that reads them."""
