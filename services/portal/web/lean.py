"""Pages without what a parser supplies: indentation of templates, quotes around values that need
none, end tags before the next of their kind. What a browser makes of it is the same (HTML
Standard, 13.1.2).
"""

import re

INDENT = re.compile(r"\s*\n\s*(?=<(?!/textarea))")
CELLS = "option|li|dt|dd|td|th|tr"
AROUND = "select|ul|ol|dl|div|tr|thead|tbody|table"
# before the next of them, or the end of what is around them
END_TAG = re.compile(rf"</(?:{CELLS})>(?=\s*<(?:(?:{CELLS})\b|/(?:{AROUND})>))")
# what people typed has no quotation marks of its own: templates escape them
QUOTED = re.compile(r"=\"([^\s\"'`=<>]+)\"(?!/>)")


def lean(page: str) -> str:
    """The same document in fewer bytes."""
    page = INDENT.sub("\n", page)
    page = END_TAG.sub("", page)
    return QUOTED.sub(r"=\1", page)
