"""Two languages: every text of the portal's own has its English twin."""

import pytest

from services.portal.catalogue import english, used
from services.portal.render.words import EVENT
from services.portal.web.language import say, translations


def test_every_text_has_english_and_no_english_is_left_over() -> None:
    catalogue = english()
    assert sorted(used() - catalogue.keys()) == []
    assert sorted(catalogue.keys() - used()) == []
    assert sorted(text for text, said in catalogue.items() if not said) == []


def test_placeholders_are_the_same_in_both() -> None:
    for text, said in english().items():
        assert sorted(_places(text)) == sorted(_places(said)), text


def _places(text: str) -> list[str]:
    return [part.partition(")")[0] for part in text.split("%(")[1:]]


def test_a_text_is_said_in_the_visitors_language() -> None:
    assert translations("zh").gettext("在线发送") == "在线发送"
    assert translations("en").gettext("在线发送") == "Send online"
    assert say("en", {"zh": "已保存", "en": "Saved"}) == "Saved"


@pytest.mark.parametrize(
    ("words", "to_do", "done"),
    [
        ("在线发送", "Send online", "Sent online"),
        ("发送", "Send", "Sent"),
        ("受理", "Take for review", "Taken for review"),
        ("重新生成", "Generate again", "Generated again"),
    ],
)
def test_english_tells_a_button_from_what_has_happened(words: str, to_do: str, done: str) -> None:
    english = translations("en")
    assert (english.gettext(words), english.pgettext(EVENT, words)) == (to_do, done)


def test_an_event_bears_its_chinese_name_without_its_context() -> None:
    assert translations("zh").pgettext(EVENT, "在线发送") == "在线发送"
