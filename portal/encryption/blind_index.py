"""Finding encrypted text without reading it: a keyed hash, equal for equal text, useless without the key."""

import base64
import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def blind_index(text: str, *, purpose: str) -> str:
    """Return the HMAC-SHA256 of the text as 64 hex digits; `purpose` (`complaint.phone`) keeps fields apart.

    Text is compared half-width, without spaces, in lower case. The key is INDEX_KEY, apart from FIELD_KEYS, so that
    rotating those changes no index. Raises ImproperlyConfigured if the key is not 32 bytes.
    """
    key = base64.b64decode(settings.INDEX_KEY)
    if len(key) != 32:
        raise ImproperlyConfigured("INDEX_KEY must be 32 bytes, base64.")
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    return hmac.new(key, f"{purpose}\x00{plain}".encode(), hashlib.sha256).hexdigest()
