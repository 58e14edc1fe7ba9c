"""One file, one verb.

A use case loads one case, asks the domain, and leaves rows and jobs in one transaction; bytes are
read and stored before it, never inside it.
"""
