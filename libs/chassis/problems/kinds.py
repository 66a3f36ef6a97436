"""Kinds of problems: fixed texts, Chinese first; never a value that was sent, never an
exception's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemKind:
    slug: str
    status: int
    title: tuple[str, str]  # zh, en
    detail: tuple[str, str]
    pointer: str = ""  # to what is wrong, where that is always the same

    @property
    def rule(self) -> str:
        """Where no rule of the catalogue is broken, the kind is the rule."""
        return self.slug.replace("-", "_").upper()

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


MALFORMED = ProblemKind(
    "malformed",
    400,
    ("请求格式错误", "Malformed request"),
    (
        "请求无法识别，请检查内容格式、参数名和请求头。",
        "The request cannot be read: check its body, parameters and headers.",
    ),
)
UNAUTHENTICATED = ProblemKind(
    "unauthenticated",
    401,
    ("未登录", "Not signed in"),
    ("请登录后再试；登录可能已过期。", "Sign in and try again; your sign-in may have expired."),
    "/header/Authorization",
)
FORBIDDEN = ProblemKind(
    "forbidden",
    403,
    ("无操作权限", "No permission"),
    ("您的角色不能进行此操作。", "Your role may not do this."),
)
NOT_FOUND = ProblemKind(
    "not-found",
    404,
    ("未找到", "Not found"),
    ("没有此数据，或您无权查看。", "There is no such item, or it is not yours to see."),
)
METHOD = ProblemKind(
    "method-not-allowed",
    405,
    ("不支持此方法", "Method not allowed"),
    ("此地址不支持该请求方法。", "This address does not take that method."),
)
WRONG_STATE = ProblemKind(
    "wrong-state",
    409,
    ("当前状态不能进行此操作", "Not possible in this state"),
    (
        "当前状态不允许此操作，原因见各项说明。",
        "The present state does not allow this; each reason is listed.",
    ),
)
VERSION_MISMATCH = ProblemKind(
    "version-mismatch",
    412,
    ("数据已被修改", "Changed meanwhile"),
    (
        "数据已被他人修改，请刷新后再操作。",
        "Someone has changed this meanwhile: read it again, then repeat your change.",
    ),
    "/header/If-Match",
)
TOO_LARGE = ProblemKind(
    "too-large",
    413,
    ("内容过大", "Too large"),
    (
        "内容过大：一次请求最多 1 MiB、5 万个值，一次保存最多 256 KiB。",
        "Too much at once: a request may have 1 MiB, 50,000 values; what it saves 256 KiB.",
    ),
)
MEDIA = ProblemKind(
    "unsupported-media-type",
    415,
    ("不支持的内容类型", "Unsupported media type"),
    ("请以 JSON 格式（application/json）发送。", "Send JSON (application/json)."),
    "/header/Content-Type",
)
INVALID = ProblemKind(
    "invalid",
    422,
    ("填写有误", "Invalid content"),
    ("部分内容填写有误，详见各项说明。", "Some fields are not right; each is listed."),
)
REFUSED = ProblemKind(
    "refused",
    422,
    ("未通过检查", "Refused by rules"),
    (
        "数据未通过检查，请按各项说明修改。",
        "The data did not pass the checks; each broken rule is listed.",
    ),
)
KEY_REUSED = ProblemKind(
    "key-reused",
    422,
    ("重复的请求标识", "Key used before"),
    (
        "此 Idempotency-Key 已用于另一请求，请换用新的标识。",
        "This Idempotency-Key was used for another request: use a new one.",
    ),
    "/header/Idempotency-Key",
)
VERSION_REQUIRED = ProblemKind(
    "version-required",
    428,
    ("缺少版本", "Version required"),
    (
        "修改时须以 If-Match 说明所依据的版本。",
        "Say in If-Match which version your change was made from.",
    ),
    "/header/If-Match",
)
INTERNAL = ProblemKind(
    "internal",
    500,
    ("系统错误", "Internal error"),
    (
        "系统发生错误，未保存任何更改；请告知管理员跟踪号。",
        "Something went wrong and nothing was changed; tell the operator the trace id.",
    ),
)
UNAVAILABLE = ProblemKind(
    "unavailable",
    503,
    ("暂时不可用", "Unavailable for now"),
    ("系统暂时无法处理，请稍后重试。", "The service cannot answer just now: try again shortly."),
)
QUOTA = ProblemKind(
    "quota",
    429,
    ("请求过于频繁", "Too much at once"),
    (
        "请求次数或查看个人信息的数量已达上限，请稍后再试。",
        "You have asked, or read personal data, as often as one may: try again later.",
    ),
)
STORAGE = ProblemKind(
    "storage",
    503,
    ("文件暂时无法读取", "File not readable"),
    (
        "存储中的文件丢失或与登记不符，未予显示；请联系管理员恢复。",
        "The store has lost the file, or has another one in its place; it is not shown. "
        "An operator has to restore it.",
    ),
)

KINDS = (
    MALFORMED,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD,
    WRONG_STATE,
    VERSION_MISMATCH,
    TOO_LARGE,
    MEDIA,
    INVALID,
    REFUSED,
    KEY_REUSED,
    VERSION_REQUIRED,
    QUOTA,
    INTERNAL,
    UNAVAILABLE,
    STORAGE,
)
BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}
