"""Nothing that opens something, and nothing that somebody wrote, stays in a line of log."""

import pytest

from core.scrub import scrub

TOKEN = "Zq7-share-token_42xyzABC"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /shared?plan={TOKEN}&embed=true",
        f"GET /enter?next=/shared?plan={TOKEN}",
        f"GET /enter?next=%2Fshared%3Fplan%3D{TOKEN}",
        f"GET /auth?next=%252Fshared%253Fplan%253D{TOKEN}",
        f"https://x.example/?access_token={TOKEN}#top",
        f"GET /oauth2callback?code={TOKEN}&state={TOKEN}",
        f"{{'plan': '{TOKEN}', 'log': 'a'}}",
        f'{{"api_key": "{TOKEN}"}}',
        f"Authorization: Bearer {TOKEN}",
        f"bearer {TOKEN} was refused",
        f"no such key: sk-{TOKEN}",
        f"< cookie: tierwise_next={TOKEN}; other=1",
        f"Set-Cookie: _streamlit_user={TOKEN}; HttpOnly",
        f"postgresql+psycopg://reader:{TOKEN}@host/plans",
        f"id eyJhbGciOiJIUzI1NiJ9.{TOKEN}.c2ln",
        f"bad prompt: {TOKEN}\n and more {TOKEN}",
        f"{{'prompt': 'where is {TOKEN}'}}",
        f"Prompts {TOKEN}",
        f"system_prompt={TOKEN}",
    ],
)
def test_what_must_not_be_in_a_log_is_taken_out(line: str) -> None:
    assert TOKEN not in scrub(line)


@pytest.mark.parametrize(
    "line",
    [
        "Saved the plan Support bot, autumn",
        "job_done kind=sort seconds=2.5 queries=1200",
        "prompt_tokens=400 output_tokens=20",
        "answered promptly at core.store.engine:51",
        "sqlite:////srv/tierwise.db",
        "GET /plans?log=3f2a",
        "postgresql+psycopg://reader@host:5432/plans",
    ],
)
def test_an_ordinary_line_stays_as_it_is(line: str) -> None:
    assert scrub(line) == line


def test_what_is_beside_a_token_can_still_be_read() -> None:
    assert scrub(f"GET /shared?plan={TOKEN}&embed=true took 3 ms") == (
        "GET /shared?plan=…&embed=true took 3 ms"
    )
