"""What goes wrong is written down without anybody's name, number, address or words."""

import io
import logging
import sys

import pytest
from django.core.signals import got_request_exception
from django.test import Client
from django.views.debug import ExceptionReporter

from complaints.views import progress
from portal.celery import keep_logs_discreet
from portal.discreet_logs import DiscreetFormatter, masked
from tests.architecture.test_containers import ENVIRONMENT, production

CODE = "ABCDEFGHJKMNPQRSTUVWXYZ234"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("call 13912345678", "call 139****5678"),
        ("来电 139 1234 5678。", "来电 139****5678。"),
        ("139-1234-5678", "139****5678"),
        ("+8613912345678", "+139****5678"),
        ("0086 139 1234 5678", "139****5678"),
        ("139.1234.5678", "139****5678"),
        ("１３９１２３４５６７８", "１３９****５６７８"),
        ("电话 0851-12345678，", "电话 0851-******78，"),
        ("(0851) 1234 5678", "(0851-*******78"),
        ("?q=tian.su%40example.org", "?q=t***@example.org"),
        ("(phone)=(13912345678)", "(phone)=(139****5678)"),
        ("tian.su+x@mail.example.org!", "t***@mail.example.org!"),
        ("证件 52010319900101123X", "证件 520*************3X"),
        ("complaint 12345678901234567890 TS-520103-2026-0001", "complaint 12345678901234567890 TS-520103-2026-0001"),
        ("E-20260302-090000-9860 in 0.013 s", "E-20260302-090000-9860 in 0.013 s"),
        ("2026-03-02 09:00:00,013 0123-4567-89ab", "2026-03-02 09:00:00,013 0123-4567-89ab"),
    ],
)
def test_numbers_and_addresses_of_persons_are_masked(said: str, written: str) -> None:
    assert masked(said) == written


def logged(formatter: logging.Formatter | None) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logger = logging.Logger("somewhere")
    logger.addHandler(handler)
    if formatter is None:
        keep_logs_discreet(logger=logger)
        keep_logs_discreet(logger=logger)
    try:
        int("13912345678x")
    except ValueError:
        logger.exception("entered by %s", "tian.su@example.org")
    return out.getvalue()


@pytest.mark.parametrize("formatter", [DiscreetFormatter("%(levelname)s %(message)s"), None])
def test_an_entry_is_masked_with_all_that_its_exception_quotes(formatter: logging.Formatter | None) -> None:
    text = logged(formatter)
    assert "entered by t***@example.org" in text
    assert "Traceback" in text
    assert "13912345678" not in text


def test_without_the_formatter_the_number_is_written() -> None:
    assert "13912345678" in logged(logging.Formatter())


def test_production_logs_discreetly() -> None:
    done = production(
        "s.LOGGING['root']['handlers'], s.LOGGING['formatters']['discreet']['()'], s.DEBUG", **ENVIRONMENT
    )
    assert done.stdout.split() == ["['stderr']", "portal.discreet_logs.DiscreetFormatter", "False"]


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_report_of_a_public_page_holds_nothing_that_was_sent(monkeypatch, settings, debug: bool) -> None:
    settings.DEBUG = debug

    def fails(number: str, code: str) -> None:
        words = f"{number} {code}"
        raise LookupError(len(words))

    reports: list[str] = []

    def report(request, **kwargs: object) -> None:
        reports.append(ExceptionReporter(request, *sys.exc_info()).get_traceback_html())

    monkeypatch.setattr(progress, "_fitting", fails)
    got_request_exception.connect(report)
    try:
        client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.77")
        client.cookies["opened"] = "4711-0815"
        answer = client.post("/complain/progress/", {"number": "TS-520103-2026-0001", "code": CODE})
    finally:
        got_request_exception.disconnect(report)
    assert answer.status_code == 500
    (text,) = reports
    assert "LookupError" in text
    found = [each for each in (CODE, "203.0.113.77", "4711-0815") if each in text]
    assert found == ([CODE] if debug else [])
