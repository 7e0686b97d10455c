"""The page of settings has every variable that is read, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "settings.md"
READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault)?[\[(]|required\()\s*["']([A-Z][A-Z_]+)["']"""
)


def variables_read() -> set[str]:
    """Names that the settings and the private database take from outside."""
    files = [ROOT / "manage.py", *(ROOT / "config").rglob("*.py")]
    return {found for file in files for found in READ.findall(file.read_text("utf-8"))}


def variables_on_page() -> set[str]:
    table = PAGE.read_text("utf-8").partition("## Variables")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))


def test_every_variable_is_on_the_page():
    assert "DATABASE_URL" in variables_read()
    assert variables_on_page() == variables_read()


def test_fixed_choices_have_the_values_of_the_code(settings):
    from courses.services.promote import offer_days
    from intake.services.proposals import answer_days
    from people.services.erasure import thinking_days
    from people.services.verification import counting_days
    from publishing.services.conversations import lead_days, times_proposed
    from rooms.travel import DETOUR, SPEEDS_KMH

    page = PAGE.read_text("utf-8")
    assert f"| `OFFER_DAYS` | {offer_days()} |" in page
    assert f"| `CONVERSATION_ANSWER_DAYS` | {answer_days()} |" in page
    assert f"| `CONVERSATION_LEAD_DAYS` | {lead_days()} |" in page
    assert f"| `CONVERSATION_TIMES` | {times_proposed()} |" in page
    assert f"| `ERASURE_THINKING_DAYS` | {thinking_days()} |" in page
    assert f"| `TRAVEL_DETOUR` | {DETOUR} |" in page
    assert f"| `VERIFICATION_DAYS` | {counting_days()} |" in page
    hours = settings.SESSION_COOKIE_AGE // 3600
    assert f"at the latest after {hours} hours" in page
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    assert (
        f"{settings.AXES_FAILURE_LIMIT}, then closed for {minutes} minutes per account"
        in page
    )
    for mode, speed in SPEEDS_KMH.items():
        assert f"{mode} {speed:g}" in page
