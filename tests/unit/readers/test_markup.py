"""HTML as a tree and as text."""

import pytest

from evidence_service.readers.markup import parse, text_of


class TestText:
    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("plain  text", "plain  text"),
            ("<p>a  b</p>\n<p>c</p>", "a b\nc"),
            ("a<br>b<br/><br>c", "a\nb\n\nc"),
            ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
            ("<b>a</b> <i>b</i>", "a b"),
            ("1 &lt; 2 &amp; &#1078;", "1 < 2 & ж"),
            ("<style>p{}</style><script>x()</script>a", "a"),
            ("a<!-- note -->b", "ab"),
            ("<p>a</b></p>b", "a\nb"),
            ("a <b never ends", "a <b never ends"),
        ],
    )
    def test_is_what_a_person_reads(self, html, text):
        assert text_of(html) == text

    def test_depth_is_no_danger(self):
        assert text_of("<div>" * 20_000 + "a") == "a"


class TestTree:
    def test_finds_by_classes_and_looks_not_inside_what_it_found(self):
        page = parse('<p class="a b">1<i class="a">2</i></p><p class="a">3</p>')

        assert [node.text() for node in page.find("a")] == ["12", "3"]
        assert page.text_of("a", "b") == "12"
        assert page.text_of("none") == ""

    def test_links_at_any_depth(self):
        page = parse('<a href="1"><b><a href="2"></a></b></a><a></a>')

        assert list(page.links()) == ["1", "2"]
