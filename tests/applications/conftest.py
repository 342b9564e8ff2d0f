"""What several of the tests of applications begin with."""

import pytest

from applications import actions
from applications.models import Application
from tests.factories import dossiers
from tests.factories.cast import Cast


@pytest.fixture
def begun(cast: Cast) -> Application:
    """A draft in which nothing was typed."""
    call = dossiers.open_call(cast)
    dossiers.city_title(cast)
    return actions.start_application(call, base=cast.base, by=cast.wang, at=dossiers.moment(dossiers.FILED))
