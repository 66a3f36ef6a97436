"""Why a decision from the authority's topic is refused, in the order in which it is looked at."""

from enum import StrEnum

from libs.events.value import Value


class Code(StrEnum):
    TOO_LARGE = "TOO_LARGE"
    MALFORMED = "MALFORMED"
    NOT_CANONICAL = "NOT_CANONICAL"
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    SCHEMA = "SCHEMA"
    UNSIGNED = "UNSIGNED"
    ALGORITHM = "ALGORITHM"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_REVOKED = "KEY_REVOKED"
    KEY_NOT_YET_VALID = "KEY_NOT_YET_VALID"
    KEY_EXPIRED = "KEY_EXPIRED"
    SIGNATURE = "SIGNATURE"
    AUDIENCE = "AUDIENCE"
    CASE_UNKNOWN = "CASE_UNKNOWN"
    MOVED = "MOVED"
    NOT_YOURS = "NOT_YOURS"
    ROUND = "ROUND"
    REVIEWED = "REVIEWED"
    EXPIRED = "EXPIRED"
    REPLAYED = "REPLAYED"
    ID_REUSED = "ID_REUSED"
    STATE = "STATE"
    RULES = "RULES"
    FAULT = "FAULT"


ORDER = tuple(Code)


class Meaning(Value):
    zh: str
    en: str


MEANINGS = {
    Code.TOO_LARGE: Meaning(
        zh="内容超过64 KiB，或消息头过大",
        en="The value is over 64 KiB, or key and headers are too large",
    ),
    Code.MALFORMED: Meaning(
        zh="内容为空，或不是JSON对象", en="The value is empty or not a JSON object"
    ),
    Code.NOT_CANONICAL: Meaning(
        zh="不是规范JSON（键排序、NFC、无空白、无浮点数、无重复键）",
        en="Not canonical JSON (sorted keys, NFC, no blanks, no floats, no key twice)",
    ),
    Code.TYPE_UNKNOWN: Meaning(zh="消息类型不在约定范围内", en="The type is none of those agreed"),
    Code.SCHEMA: Meaning(
        zh="字段缺失、多余或不合格式", en="A field is missing, unknown or not as agreed"
    ),
    Code.UNSIGNED: Meaning(
        zh="没有签名消息头，或其格式不是“算法; 密钥编号; base64签名”",
        en="No signature header, more than one, or not `algorithm; key id; base64 value`",
    ),
    Code.ALGORITHM: Meaning(zh="签名算法不受支持", en="The algorithm is not supported"),
    Code.KEY_UNKNOWN: Meaning(zh="该签发方没有此密钥", en="The issuer has no such key"),
    Code.KEY_REVOKED: Meaning(zh="密钥已吊销", en="The key was revoked"),
    Code.KEY_NOT_YET_VALID: Meaning(zh="密钥尚未生效", en="The key is not valid yet"),
    Code.KEY_EXPIRED: Meaning(zh="密钥已过有效期", en="The key is no longer valid"),
    Code.SIGNATURE: Meaning(zh="签名与内容不符", en="The signature is not that of these bytes"),
    Code.AUDIENCE: Meaning(
        zh="该决定不是发给本系统的", en="The decision is meant for another system"
    ),
    Code.CASE_UNKNOWN: Meaning(zh="没有此审核件", en="There is no such case"),
    Code.MOVED: Meaning(
        zh="审核件、申报对象与消息键不一致",
        en="Case, filing or record, and the record's key do not belong together",
    ),
    Code.NOT_YOURS: Meaning(
        zh="该审核件现不由密钥所属单位审核",
        en="The case is not before the office that the key belongs to",
    ),
    Code.ROUND: Meaning(zh="轮次不是当前轮次", en="Another round than the present one"),
    Code.REVIEWED: Meaning(
        zh="所审内容不是本轮发送的内容", en="What was reviewed is not what was sent in this round"
    ),
    Code.EXPIRED: Meaning(
        zh="决定已超过其自定的期限", en="The decision's own last instant has passed"
    ),
    Code.REPLAYED: Meaning(zh="该决定已收到过", en="This very decision came before"),
    Code.ID_REUSED: Meaning(
        zh="决定编号已用于其他内容", en="The decision's id was used for another content"
    ),
    Code.STATE: Meaning(
        zh="审核件当前不能作出决定，例如已有决定",
        en="The case takes no decision now: one was made, or another has opened it",
    ),
    Code.RULES: Meaning(zh="决定不符合审核规则", en="A rule of reviewing stands against it"),
    Code.FAULT: Meaning(
        zh="系统处理出错，请稍后重新发送", en="A fault of ours: send it again later"
    ),
}


class Rejected(Exception):
    """The first thing that stands against a decision."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code
