"""The arithmetic in words a clerk understands, Chinese and English."""

from collections.abc import Iterable, Iterator

from libs.filing import reference
from libs.filing.catalogue import Texts
from libs.filing.conclusion.result import ItemProposal, Proposal, Result
from libs.filing.policy import AssessmentPolicy
from libs.filing.staffing import Group, Shortfall, Tally

GROUPS = {
    Group.REGISTERED: ("注册人员", "registered staff"),
    Group.PROFESSIONAL: ("非注册人员", "non-registered staff"),
}
SERIOUS = {
    "FALSE_MATERIAL": ("提供虚假材料", "false material"),
    "REFUSED_INSPECTION": ("拒绝接受检查", "inspection refused"),
    "SERIOUS_PENALTY": ("考核期内受到严重处罚", "serious penalty in the period"),
    "NO_CERTIFICATE_IN_FORCE": ("没有有效的资质", "no licence in force"),
}
MEANINGS = {
    Result.PASS: ("达到标准人数。", "The number of the standard is reached."),
    Result.BASIC: (
        "未达到标准人数，但不低于标准的{share}。",
        "The number of the standard is not reached, but not less than {share} of it.",
    ),
    Result.FAIL: ("低于标准的{share}。", "Less than {share} of the standard."),
    Result.MANUAL: (
        "低于标准的{share}，但部分标准数值未核定，由审核人员人工认定。",
        (
            "Less than {share} of the standard, but some of its numbers are not verified: for a "
            "person to decide."
        ),
    ),
}
Pair = tuple[str, str]


def item_words(item: ItemProposal, policy: AssessmentPolicy | None = None) -> Texts:
    """One licence: what it asks, who is there, the share, the gaps, and what follows."""
    name = (f"{item.item.label()}：", f"{item.item.label('en')}:")
    return _joined(
        (
            name,
            *_arithmetic(item, policy or reference.policy()),
            _conclusion(item.result, bool(item.provisional)),
        )
    )


def words(proposal: Proposal) -> Texts:
    """The proposal in all, after those of its licences."""
    parts: list[Pair] = []
    if proposal.serious:
        points = [SERIOUS[each] for each in proposal.serious]
        parts.append(
            (f"存在一票否决事项：{_listed(points, 0)}。", f"Serious points: {_listed(points, 1)}.")
        )
    if proposal.upheld:
        rules = [(rule, rule) for rule in proposal.upheld]
        parts.append(
            (
                f"审核认定的问题：{_listed(rules, 0)}。",
                f"Findings upheld by the reviewer: {_listed(rules, 1)}.",
            )
        )
    return _joined((*parts, _conclusion(proposal.result, proposal.provisional)))


def _arithmetic(item: ItemProposal, policy: AssessmentPolicy) -> Iterator[Pair]:
    total = item.total
    if total is None:
        yield "标准数值未核定，由审核人员人工核定。", "No verified numbers; the reviewer judges it."
        return
    yield _count(total, item)
    if item.open_slots:
        gaps = [_gap(each) for each in item.open_slots]
        yield (
            f"缺口：{'；'.join(gap[0] for gap in gaps)}。",
            f"Missing: {'; '.join(gap[1] for gap in gaps)}.",
        )
    share = _percent(
        Tally(filled=policy.basic_threshold.numerator, slots=policy.basic_threshold.denominator)
    )
    zh, en = MEANINGS[item.result]
    yield zh.format(share=share), en.format(share=share)
    if item.provisional:
        yield _provisional(item)


def _count(total: Tally, item: ItemProposal) -> Pair:
    tallies = [
        (GROUPS[group], each)
        for group, each in zip(Group, (item.registered, item.professionals), strict=True)
        if each
    ]
    need = [(f"{names[0]}{each.slots}人", f"{each.slots} {names[1]}") for names, each in tallies]
    have = [(f"{names[0]}{each.filled}人", f"{each.filled} {names[1]}") for names, each in tallies]
    share = f"{total.filled}/{total.slots}"
    return (
        (
            f"应配备{total.slots}人（{_listed(need, 0)}），"
            f"实有{total.filled}人（{_listed(have, 0)}），占{share}（{_percent(total)}）。"
        ),
        (
            f"{total.slots} needed ({_listed(need, 1)}), {total.filled} there "
            f"({_listed(have, 1)}), {share} ({_percent(total)})."
        ),
    )


def _gap(gap: Shortfall) -> Pair:
    codes = reference.code_list(
        "registration_type" if gap.group is Group.REGISTERED else "speciality"
    )
    return (
        f"{codes.label(gap.code)}应{gap.need}人，实{gap.have}人",
        f"{codes.label(gap.code, 'en')} needs {gap.need}, has {gap.have}",
    )


def _provisional(item: ItemProposal) -> Pair:
    names = [GROUPS[group] for group in item.provisional]
    zh, en = (
        f"暂定：{_listed(names, 0)}的标准数值未核定",
        f"Provisional: the numbers for {_listed(names, 1)} are not verified",
    )
    without, full = item.without_provisional, item.as_full
    if without:
        zh, en = f"{zh}，不计入时为{without}", f"{en}; without them {without}"
    return f"{zh}，按足额计为{full}。", f"{en}, counted as full {full}."


def _conclusion(result: Result, provisional: bool) -> Pair:
    results = reference.code_list("assessment_result")
    marks = ("（暂定）", " (provisional)") if provisional else ("", "")
    return (
        f"测算结论：{results.label(result)}{marks[0]}。",
        f"Proposal: {results.label(result, 'en')}{marks[1]}.",
    )


def _percent(tally: Tally) -> str:
    """Rounded down, so that less than 80 % never reads as 80 %."""
    tenths = tally.filled * 1000 // tally.slots
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def _listed(pairs: Iterable[Pair], lang: int) -> str:
    return ("、", ", ")[lang].join(pair[lang] for pair in pairs)


def _joined(parts: Iterable[Pair]) -> Texts:
    told = list(parts)
    return Texts(zh="".join(part[0] for part in told), en=" ".join(part[1] for part in told))
