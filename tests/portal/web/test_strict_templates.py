"""The tests are strict: a variable that nobody gave fails, except where the template says what to show then."""

import pytest
from django.template import engines

pytestmark = pytest.mark.django_db


def rendered(text: str, **context: object) -> str:
    return engines["django"].from_string(text).render(context)


def test_an_undefined_variable_fails() -> None:
    with pytest.raises(AssertionError, match="missing"):
        rendered("{{ missing }}")
    with pytest.raises(AssertionError, match=r"row\.missing"):
        rendered("{{ row.missing|upper }}", row={})


def test_a_default_or_a_question_is_no_failure() -> None:
    assert rendered("{{ missing|default:'nothing' }}{% if missing %}x{% endif %}") == "nothing"
