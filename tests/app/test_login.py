"""A login may lead back to a page of ours, with its link, and nowhere else."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app import login


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/", "/"),
        ("/shared?plan=Ab3-x_Z", "/shared?plan=Ab3-x_Z"),
        ("/fine-tuning?log=3f2a", "/fine-tuning?log=3f2a"),
        ("/plans?q=a b&q=", "/plans?q=a+b&q="),
        ("/shared?plan=x#top", "/shared?plan=x"),
        ("/shared?plan=x\r\nSet-Cookie:a=b", "/shared?plan=xSet-Cookie%3Aa%3Db"),
        ("/plan?next=//evil.invalid", "/plan?next=%2F%2Fevil.invalid"),
    ],
)
def test_a_page_of_ours_is_led_to_with_what_it_was_asked(target: str, page: str) -> None:
    assert login.own_page(target) == page


@pytest.mark.parametrize(
    "target",
    [
        "", "shared", "//evil.invalid", "///evil.invalid", "/\\evil.invalid", "\\\\evil.invalid",
        "/\t/evil.invalid", "http://evil.invalid/shared", "https:evil.invalid", "http:/shared",
        "javascript:alert(1)", "data:text/html,x", "//evil.invalid/shared", "/%2F/evil.invalid",
        "%2F%2Fevil.invalid", "/%5Cevil.invalid", "/shared/../..//evil.invalid", "/.//evil.invalid",
        "/@evil.invalid", "/shared@evil.invalid", "/shared%00", "//[evil", "/log", "/_stcore/x",
        "/auth/logout", "/enter?next=/", "/oauth2callback", "/shared?" + "x" * 3000,
    ],
)  # fmt: skip
def test_nothing_else_is_led_to(target: str) -> None:
    assert login.own_page(target) is None


def test_the_pages_that_are_led_to_have_the_addresses_that_the_app_gives_them() -> None:
    app = login._SCREENS.parent
    source = "".join(file.read_text() for file in [app / "pages.py", *app.glob("parts/*.py")])
    pages = re.findall(r'st\.Page\(\s*"screens/(\w+)\.py"([^()]*)\)', source)
    assert len(pages) >= 10
    for name, rest in pages:
        given = re.search(r'url_path="([^"]+)"', rest)
        assert f"/{given[1] if given else name}" in login._pages() | {"/log"}


@pytest.fixture
def back() -> TestClient:
    """A login's end as Streamlit makes it: it succeeds with a code, and always leads to "/"."""

    def callback(request: Request) -> Response:
        answer = RedirectResponse("/", 302)
        if "code" in request.query_params:
            answer.set_cookie("_streamlit_user", "signed", httponly=True)
        else:
            answer.delete_cookie("_streamlit_user")
        return answer

    routes = [Route("/oauth2callback", callback), Route("/other", callback)]
    app = Starlette(routes=routes, middleware=[Middleware(login.BackToThePage)])
    return TestClient(app, follow_redirects=False)


def after(client: TestClient, path: str, cookie: str | None) -> tuple[str, bool]:
    """Where the browser is sent from that path, and whether the cookie is deleted."""
    headers = {"cookie": f"{login.COOKIE}={cookie}"} if cookie else {}
    answer = client.get(path, headers=headers)
    cookies = answer.headers.get_list("set-cookie")
    forgotten = any(c.startswith(f"{login.COOKIE}=") and "Max-Age=0" in c for c in cookies)
    return answer.headers["location"], forgotten


@pytest.mark.parametrize(
    ("path", "cookie", "where", "forgotten"),
    [
        ("/oauth2callback?code=1", "%2Fshared%3Fplan%3Dx", "/shared?plan=x", True),
        ("/oauth2callback?code=1", "%2F%2Fevil.invalid", "/", False),
        ("/oauth2callback?code=1", "http%3A%2F%2Fevil.invalid", "/", False),
        ("/oauth2callback?code=1", None, "/", False),
        ("/oauth2callback?error=access_denied", "%2Fshared%3Fplan%3Dx", "/", False),
        ("/other?code=1", "%2Fshared%3Fplan%3Dx", "/", False),
    ],
)
def test_only_a_login_that_succeeded_leads_to_the_page_that_was_asked_for(
    back: TestClient, path: str, cookie: str | None, where: str, forgotten: bool
) -> None:
    assert after(back, path, cookie) == (where, forgotten)


def test_where_no_login_is_set_up_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    client = TestClient(Starlette(routes=[Route("/enter", login.enter)]))
    answer = client.get("/enter?next=/shared?plan=x")
    assert answer.status_code == 503 and "not set up" in answer.text
    assert "set-cookie" not in answer.headers
    assert "login_unusable" in capsys.readouterr().err


def test_a_page_sends_to_the_login_and_back_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def stop() -> None:
        raise InterruptedError

    seen = SimpleNamespace(
        context=SimpleNamespace(url="https://plans.example/shared"),
        query_params=SimpleNamespace(to_dict=lambda: {"plan": "x"}),
        get_option=lambda name: "",
        stop=stop,
    )
    monkeypatch.setattr(login, "st", seen)
    monkeypatch.setattr(login, "get_script_run_ctx", lambda: SimpleNamespace(enqueue=sent.append))
    with pytest.raises(InterruptedError):
        login.send_to_login()
    assert sent[0].auth_redirect.url == "/enter?next=%2Fshared%3Fplan%3Dx"
