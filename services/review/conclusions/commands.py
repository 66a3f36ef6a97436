"""Commands that lead a record from its opinion to its conclusion 拟定结论."""

from libs.events.commands import changes
from services.review.cases.domain.case import Case
from services.review.conclusions.domain import concluding, experts, signing

sign = changes(Case, signing.sign, action="sign")
give_opinion = changes(Case, experts.give_opinion, action="opinion")
propose = changes(Case, concluding.propose, action="propose")
approve = changes(Case, concluding.approve, action="approve")
