"""Everything that can legally happen to a call and to an application."""

from applications.actions.calls import (
    amend_call,
    close_call,
    draft_call,
    extend_call,
    publish_call,
    return_call,
    withdraw_call,
)
from applications.actions.consenting import (
    agree_to_correction,
    asked_has_left,
    decline_correction,
    may_answer,
    may_consent,
    propose_correction,
    take_back_proposal,
)
from applications.actions.correction import (
    correction_items,
    correction_term,
    go_on_without_correction,
    report_overdue_correction,
    return_for_correction,
)
from applications.actions.decision import approve_application, let_go_on, refuse_application, send_back_to_review
from applications.actions.filing import (
    attach_file,
    detach_file,
    save_section,
    start_application,
    submit_application,
    withdraw_application,
)
from applications.actions.notice import answer_objection, conclude_notice, publish_notice, receive_objection
from applications.actions.own_bases import correct_own_base
from applications.actions.referring import refer_again, unreferred
from applications.actions.review import assign_application, check_differences, give_opinion, record_visit

__all__ = [
    "agree_to_correction",
    "amend_call",
    "answer_objection",
    "asked_has_left",
    "approve_application",
    "assign_application",
    "attach_file",
    "check_differences",
    "close_call",
    "conclude_notice",
    "correction_items",
    "correct_own_base",
    "correction_term",
    "decline_correction",
    "detach_file",
    "draft_call",
    "extend_call",
    "give_opinion",
    "go_on_without_correction",
    "let_go_on",
    "may_answer",
    "may_consent",
    "propose_correction",
    "publish_call",
    "publish_notice",
    "receive_objection",
    "record_visit",
    "refer_again",
    "refuse_application",
    "report_overdue_correction",
    "return_call",
    "return_for_correction",
    "save_section",
    "send_back_to_review",
    "start_application",
    "submit_application",
    "take_back_proposal",
    "unreferred",
    "withdraw_application",
    "withdraw_call",
]
