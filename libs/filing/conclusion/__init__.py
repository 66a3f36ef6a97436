"""测算结论: what the machine proposes for a record, and the arithmetic behind it (domain book,
section 3.2). A person concludes.
"""

from libs.filing.conclusion.absence import is_absent, is_exempt
from libs.filing.conclusion.held import HeldItem, in_force, standards_of
from libs.filing.conclusion.proposing import propose
from libs.filing.conclusion.result import ItemProposal, Proposal, Result, findings
from libs.filing.conclusion.words import item_words, words

__all__ = [
    "HeldItem",
    "ItemProposal",
    "Proposal",
    "Result",
    "findings",
    "in_force",
    "is_absent",
    "is_exempt",
    "item_words",
    "propose",
    "standards_of",
    "words",
]
