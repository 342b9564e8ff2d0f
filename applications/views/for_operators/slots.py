"""The list of papers as the operator's pages show it: what is uploaded under each kind, and what is still wanting."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.actions.answering import open_places
from applications.actions.filing import EDITABLE, files_of
from applications.actions.moving import procedure_of
from applications.actions.papers import lacking, proven, registered_alone
from applications.models import Application, Attachment
from applications.views.dossiers import same_elsewhere
from portal.deadlines.today import business_today
from portal.web.numbers import file_size
from portal.web.parts import Act, FileRow


def slots_of(application: Application, refusals: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the list of papers with what is in each slot, what may be done there, and what is wanting."""
    places = open_places(application)
    rows = list(application.attachments.filter(removed_at__isnull=True).select_related("upload").order_by("pk"))
    items = {}
    request = application.corrections.order_by("-number").first()
    if request and application.status == "returned":
        items = {item["place"]: item["note"] for item in request.items}
    found, on_register, alone = [], proven(application), registered_alone(application, business_today())
    wanting = lacking(application, business_today())
    procedure, same = procedure_of(application), same_elsewhere(application, files_of(application))
    for document in procedure.documents:
        is_open = application.status in EDITABLE and (places is None or document.slot in places)
        held = [row for row in rows if row.slot == document.slot]
        found.append(
            {
                "document": document,
                "rule": procedure.asked_under(document.clause),
                "types": "、".join(suffix.upper() for suffix in document.types),
                "accept": ",".join(f".{suffix}" for suffix in document.types),
                "files": [_file_row(application, row, removable=is_open) for row in held],
                "open": is_open and document.issued_by == "operator" and document.slot not in alone,
                "registered": document.slot in alone,
                "note": items.get(document.slot, ""),
                "required": document.required and document.slot not in (on_register.keys() | alone),
                "wanting": wanting.get(document.slot, "") if held else "",
                "same": list(filter(None, (same.get(str(row.upload.key)) for row in held))),
                "proof": on_register.get(document.slot),
                "refusals": refusals.get(document.slot, []),
            }
        )
    return found


def _file_row(application: Application, row: Attachment, *, removable: bool) -> FileRow:
    pages = _("%(n)s 页 · ") % {"n": row.upload.pages} if row.upload.pages else ""
    acts = [Act(_("删除"), kind="text", name="remove", value=str(row.pk))] if removable else []
    return FileRow(
        row.upload.original_name,
        reverse("applications:my_file", args=[application.pk, row.upload.key]),
        f"{pages}{file_size(row.upload.size)} · {row.added_at.astimezone():%m-%d %H:%M}",
        icon="image" if row.upload.media_type.startswith("image/") else "file",
        state="" if row.upload.scan == "unscanned" else row.upload.get_scan_display(),  # said once, above the list
        tone="bad" if row.upload.scan == "infected" else "main" if row.upload.scan == "clean" else "",
        acts=acts,
    )
