"""Several files at once in a form, and their way into the archive."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portal.accounts.capacity import Capacity
from portal.deadlines.today import business_now
from portal.documents.models import Upload
from portal.documents.uploads import accept
from portal.errors import DomainError, InvalidInput
from portal.jurisdictions.models import Jurisdiction


class ManyFiles(forms.ClearableFileInput):
    """A control for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, PDF or pictures; an empty list where none is chosen and none is demanded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFiles({"accept": ".pdf,.jpg,.jpeg,.png", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every file; what is in them is looked at by `keep`."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(file, initial) for file in files]


def keep(files: Iterable["UploadedFile[bytes]"], *, field: str, at: Jurisdiction, by: Capacity) -> list[Upload]:
    """Take the files of a form in, inside the transaction of the act they belong to.

    Raises InvalidInput for `field` with the sentence of the first file that is refused; then none is kept.
    """
    try:
        return [accept(file, at=at, by=by, moment=business_now()) for file in files]
    except InvalidInput:
        raise
    except DomainError as refusal:
        raise InvalidInput(refusal.message, {field: refusal.message}) from refusal


def ask_again(form: forms.BaseForm) -> None:
    """Say beside each field of files that what was chosen is gone: no browser keeps it when the form comes back."""
    for name, field in form.fields.items():
        if isinstance(field, FilesField) and form.files.getlist(form.add_prefix(name)) and name not in form.errors:
            form.add_error(name, _("这次没有提交成功，选好的文件没有保存，请重新选择。"))
