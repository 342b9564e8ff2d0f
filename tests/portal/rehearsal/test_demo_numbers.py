"""The numbers of the demo's bureaus: they look like numbers of their place, and reach nobody."""

import re

import pytest

from portal.jurisdictions.models import Jurisdiction
from portal.rehearsal.demo import stories
from portal.rehearsal.demo.people import demo_phone
from portal.typed_text import are_public_phones

pytestmark = pytest.mark.django_db
PLACES = [each for each in vars(stories).values() if isinstance(each, stories.Place)]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_a_demo_bureau_has_a_number_of_its_place_that_can_be_nobodys(place: stories.Place) -> None:
    numbers = {}
    for story in place.stories:
        for bureau in Jurisdiction.objects.get(code=story.county).lineage()[:-1]:
            number = numbers[bureau.code] = demo_phone(bureau)
            assert re.fullmatch(r"0[1-9][0-9]{2}-0[0-9]{6}", number)  # no local number begins with 0
            assert are_public_phones(number)
    assert len(set(numbers.values())) == len(numbers)


def test_the_lines_of_one_bureau_differ_and_bear_the_area_code_of_its_city() -> None:
    shigatse = Jurisdiction.objects.get(code="540202")
    assert demo_phone(shigatse).startswith("0892-")
    assert len({demo_phone(shigatse, line=line) for line in range(3)}) == 3
