"""What leaves a page is nothing that a parser would miss."""

import pytest
from lxml import html

from services.portal.web.lean import lean

WRITTEN = """<!doctype html>
<main>
  <ul>
    <li class="a b" id="one"><a href="/">甲</a></li>
    <li><select name="/x/0"><option value="">请选择</option>
      <option value="1" selected>一</option></select></li>
  </ul>
  <dl><div><dt>项</dt><dd>值</dd></div></dl>
  <table><tbody><tr><th scope="row">行</th><td>格</td></tr>
  <tr><td title="a=b">{typed}</td></tr></tbody></table>
  <textarea name="t">
 第一行
   第二行 {typed}</textarea>
  <svg viewBox="0 0 1 1"><path d="M0"/></svg>
</main>"""


def tree(element: html.HtmlElement) -> list[object]:
    """Elements, attributes and words; blanks between words as a reader sees them."""
    text = element.text_content()
    words = text if element.tag == "textarea" else " ".join(text.split())
    return [element.tag, dict(element.attrib), words, [tree(each) for each in element]]


@pytest.mark.parametrize(
    "typed", ["", "a=&#34;b&#34; &lt;p id=&#34;x&#34;&gt;", "&lt;/li&gt;&lt;li&gt;"]
)
def test_the_document_is_the_same(typed: str) -> None:
    written = WRITTEN.format(typed=typed)
    sent = lean(written)
    assert tree(html.document_fromstring(sent)) == tree(html.document_fromstring(written))


def test_bytes_that_say_nothing_stay_at_home() -> None:
    sent = lean(WRITTEN)
    assert '<li class="a b" id=one><a href=/>甲</a>\n<li>' in sent
    assert "<option value=1 selected>一</select>" in sent
    assert '<path d="M0"/>' in sent
