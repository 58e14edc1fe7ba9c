"""jd: its reasons, each with a complete and an incomplete case."""

from packs import Row

ROWS = [
    Row(
        "jd",
        "transaction_dispute",
        "as_asked!",
        "additional_information",
        "",
        {"as_asked": "missing"},
    ),
]
