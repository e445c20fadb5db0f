"""The help center of the shop: articles to read, and a prompt for answering with them."""

from collections.abc import Mapping

TEMPLATE = "help://articles/{topic}"
ABOUT = "An article of the help center as Markdown: returns, delivery or warranty."

ARTICLES: Mapping[str, str] = {
    "returns": """# Returns

An order can be sent back within 30 days, unused, in any box that keeps it safe. Between 31 and 60 days a
colleague decides. Damaged or wrong items go back free of charge; otherwise the way back costs 5 EUR.
The money is paid back within 14 days after the parcel has arrived.
""",
    "delivery": """# Delivery

Parcels take two to four working days. The carrier tries twice and then leaves the parcel at a shop nearby,
where it is kept for seven days. A parcel that has not moved for five days counts as lost: what is in stock
is sent again free of charge, and a colleague looks for another way for the rest.
""",
    "warranty": """# Warranty

Every product has a warranty of two years. Keep the invoice; a photo of the damage helps.
""",
}

PROMPT = "late_parcel"
PROMPT_ABOUT = "What to tell a customer who is waiting for a parcel."
PROMPT_ARGUMENTS: Mapping[str, str] = {
    "question": "What the customer wants to know.",
    "parcel": "Where the parcel is, as the carrier tells it.",
    "article": "What the help center says about deliveries.",
}


def late_parcel(given: Mapping[str, str]) -> str:
    """The prompt with its arguments filled in."""
    return (
        "A customer of a web shop is waiting for a parcel. Answer in two short sentences, in the "
        "language of the question. Say only what follows from the facts; promise no money and no date "
        "that is not there.\n\n"
        f"Question: {given.get('question', '')}\n"
        f"The parcel: {given.get('parcel', '')}\n"
        f"The rules:\n{given.get('article', '')}"
    )
