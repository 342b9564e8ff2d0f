"""What in a running text leads to a person or a case: telephone numbers, mail addresses, numbers of complaints."""

import re
import unicodedata

from portal.typed_text import with_plain_dashes

# A mobile number or one with an area code, also in groups; seven digits and more in a row; a mail address.
CONTACT = re.compile(
    r"1[3-9][0-9](?:[- ]?[0-9]){8}|0[0-9]{2,3}[- )]*[0-9]{3,4}[- ]?[0-9]{4}|[48]00-?[0-9]{3}-?[0-9]{4}|[0-9]{7,}"
    r"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
NUMBER = re.compile(r"(?:TS ?-? ?)?[0-9]{6} ?- ?20[0-9]{2} ?- ?[0-9]{4,}", re.IGNORECASE)


def number_in(text: str) -> str:
    """Return the first thing in a text that has the form of a complaint's number, empty for none."""
    found = NUMBER.search(_plain(text))
    return found[0] if found else ""


def contact_in(text: str) -> str:
    """Return the first thing in a text that looks like a telephone number or a mail address, empty for none.

    The number of a complaint is none.
    """
    found = CONTACT.search(NUMBER.sub(" ", _plain(text)))
    return found[0] if found else ""


def _plain(text: str) -> str:
    return with_plain_dashes(unicodedata.normalize("NFKC", text))
