"""One technology each. Only bootstrap.py imports them."""
