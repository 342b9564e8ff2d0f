"""Messages about posts, from what the accounts say of them: who has to confirm one, and who was asked to stand in."""

import datetime
from typing import Any

from django.urls import reverse

from portal.accounts.models import Delegation, Membership
from portal.accounts.people import who_confirms
from portal.accounts.signals import delegation_given, post_proposed
from portal.notifications.notify import Notice, notify


def connect() -> None:
    """Listen. Called once the apps are loaded."""
    post_proposed.connect(tell_who_confirms, dispatch_uid="tell:post_proposed")
    delegation_given.connect(tell_stand_in, dispatch_uid="tell:delegation_given")


def tell_who_confirms(post: Membership, on: datetime.date, **_more: Any) -> None:
    """Tell the security administrators that a post waits for their confirmation."""
    held = f"{post.jurisdiction.name}“{post.get_role_display()}”"
    body = f"{post.proposed_by}提出由{post.user}任{held}，自 {post.valid_from} 起。核准以前岗位不生效，请核准或退回。"
    notice = Notice("post.proposed", f"待核准岗位授权：{post.user}", body, reverse("accounts:proposals"), urgent=True)
    notify(notice, to=who_confirms(post, on), about=post, on=on)


def tell_stand_in(delegation: Delegation, on: datetime.date, **_more: Any) -> None:
    """Tell whoever was asked to stand in: whose post, from when to when, and why."""
    post = delegation.membership
    body = (
        f"{post.user}委托您代办{post.jurisdiction.name}“{post.get_role_display()}”，"
        f"{delegation.starts_on} 至 {delegation.ends_on}，事由：{delegation.reason}。"
        "期间可以切换到这个身份办理，到期自动结束。"
    )
    notice = Notice("delegation.given", f"请您代办：{post.user}", body, reverse("accounts:delegations"), urgent=True)
    notify(notice, to=[delegation.delegate], about=post, on=on)
