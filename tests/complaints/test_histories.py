"""Random histories of a base: what the law asks holds after every act, and tables and evaluator agree."""

import os

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.complaints.histories import Histories
from tests.factories.cast import cast_at
from tests.factories.complaints import Story

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HISTORIES = int(os.environ.get("HISTORIES", "6"))  # 100 for the figure that is reported
PHASES = (Phase.explicit, Phase.generate)  # a failure shows its steps; to shorten them takes minutes


def test_what_the_law_asks_holds_after_every_act() -> None:
    Histories.story = Story(cast_at("520103"))
    how = settings(max_examples=HISTORIES, stateful_step_count=25, phases=PHASES)
    run_state_machine_as_test(Histories, settings=how)
