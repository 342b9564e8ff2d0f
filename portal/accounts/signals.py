"""What others may want to know of posts, sent inside the act: messages are promised in a package above this one."""

from django.dispatch import Signal

post_proposed = Signal()  # post, on
delegation_given = Signal()  # delegation, on
