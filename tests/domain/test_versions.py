"""What may name a tag, a branch or a SHA is a short list of characters; all else is refused unread."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadVersion
from bot.domain.opening import is_version
from tests.domain.builders import context, refusal, request

PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+/-")


@pytest.mark.parametrize(
    "version",
    [
        "v2.14.3",
        "2.0.0-rc.1+build.5",
        "main",
        "feature/fix-refunds",
        "a" * 40,
        "0f1e2d3",
        "release_7",
        "x" * 128,
    ],
)
def test_names_of_tags_branches_and_commits_are_versions(version: str) -> None:
    """What teams really call their versions goes through."""
    assert is_version(version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HEAD",
        "HEAD~1",
        "HEAD^",
        "main~2",
        "refs/heads/main",
        "refs/pull/1/merge",
        "-x",
        "--upload-pack=evil",
        ".hidden",
        "/main",
        "main/",
        "main.",
        "v1..v2",
        "a//b",
        "a/./b",
        "a/.b",
        "main@{1}",
        "@",
        "v1\n",
        "v1\nv2",
        "v1\0",
        "v1\t",
        "v 1",
        "v1;id",
        "$(id)",
        "`id`",
        "v1'",
        'v1"',
        "v1?",
        "v1#x",
        "v1%2e%2e",
        "v1:path",
        "v1\\x",
        "vé",
        "ｖ1",
        "v١",
        "v1\u200b",
        "main.lock",
        "x" * 129,
    ],
)
def test_a35_what_git_a_shell_or_a_url_could_read_otherwise_is_no_version(text: str) -> None:
    """Expressions, options, paths, quotes, other scripts and control characters are refused."""
    assert not is_version(text)


@given(st.text(max_size=200))
def test_a35_only_plain_characters_ever_pass(text: str) -> None:
    """Whatever is typed: what passes is plain ASCII that starts with a letter or a digit."""
    if is_version(text):
        assert set(text) <= PLAIN
        assert len(text) <= 128
        assert text[0].isalnum()


@given(st.text(alphabet=st.sampled_from(sorted(PLAIN | set("~^@:;\n\0 \\"))), max_size=140))
def test_a35_nothing_that_passes_means_more_than_a_name(text: str) -> None:
    """Near misses: no range, no option, no reflog, no path step, no line end among what passes."""
    if is_version(text):
        assert not re.search(r"\.\.|//|/\.|\./|[~^@:;\s\\\0]|\.$|/$|^-|^/|^refs/", text)


@pytest.mark.parametrize("text", ["HEAD~1", "-x", "v1\nv2", ""])
def test_a35_a_request_for_no_version_is_refused(text: str) -> None:
    """The refusal comes before anything is stored or asked of GitHub."""
    assert refusal(None, request(version=text), context()) == BadVersion(text)
