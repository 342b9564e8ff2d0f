"""What a title is called: one name on every page and letter, whatever else it shares its category name with."""

from bases.rules import BasePolicy
from portal.policies.packs import all_packs


def title_called(policy: str, code: str, category_name: str) -> str:
    """Return the name a policy tells a title by: 市级创业孵化基地, where county and city share a category name (GZ-07).

    The name it was entered under where the policy calls it otherwise by now, or is not installed.
    """
    pack = all_packs().get(policy)
    titles = pack.section(BasePolicy).titles if pack is not None else ()
    named = (title.label for title in titles if title.code == code and title.name.value == category_name)
    return next(named, category_name)
