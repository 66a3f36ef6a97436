"""Texts that stand in tables: they are looked up in the catalogue where they are shown."""


def N_(text: str) -> str:  # noqa: N802
    """Marks a text for the catalogue (gettext's own name for it)."""
    return text


# whoever acted by an account and never signed in here: nobody has told their name
UNNAMED = N_("未登记姓名的经办人")

# what a service is about, in the words of the menu
ABOUT = {
    "enterprise": N_("企业信息"),
    "personnel": N_("人员信息"),
    "projects": N_("合同与项目"),
    "assessment": N_("动态考核"),
    "review": N_("审核"),
}

EVENT = "event"  # the context of such a text in the catalogue


def E_(text: str) -> str:  # noqa: N802
    """Marks what an event is called: the English says what was done, where the same words on a
    button say what to do.
    """
    return text
