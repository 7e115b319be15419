"""What is not used is not imported: a bot that starts pays for githubkit and pdpyras when it needs them."""

import subprocess
import sys

PROGRAM = """
import sys, bot.adapters.github, bot.adapters.pagerduty, bot.adapters.directory
bot.adapters.github.GitHubRepository("ghp_x"), bot.adapters.pagerduty.PagerDuty(api_key="x")
print(sorted({"githubkit", "pdpyras", "requests", "jwt"} & set(sys.modules)))
"""


def test_vendors_libraries_are_imported_when_first_needed() -> None:
    """Importing and making the adapters loads neither githubkit nor pdpyras."""
    shown = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
