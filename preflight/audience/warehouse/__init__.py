"""Contacts where they live: in a table of a database or of Spark, asked there.

The SQL is the same as for lists from files, written for the embedded engine; here it is rendered
for the engine that holds the contacts, from its tree, and what cannot be rendered is not asked.
"""
