"""What the screens of applications take in."""

from applications.forms.calling import (
    AnswerForm,
    CallForm,
    ExtendForm,
    NoticeForm,
    ReturnCallForm,
    WithdrawCallForm,
    WrittenObjectionForm,
)
from applications.forms.filling import (
    ApprovalForm,
    BaseForm,
    ReasonForm,
    RefusalForm,
    SectionForm,
    StartForm,
    SubmitForm,
    initial_of,
    revision_of,
)
from applications.forms.reviewing import AssignForm, CorrectionForm, DeclineForm, OpinionForm, VisitForm

__all__ = [
    "ApprovalForm",
    "AnswerForm",
    "AssignForm",
    "BaseForm",
    "CallForm",
    "CorrectionForm",
    "DeclineForm",
    "ExtendForm",
    "NoticeForm",
    "OpinionForm",
    "ReasonForm",
    "RefusalForm",
    "ReturnCallForm",
    "SectionForm",
    "StartForm",
    "SubmitForm",
    "VisitForm",
    "WithdrawCallForm",
    "WrittenObjectionForm",
    "initial_of",
    "revision_of",
]
