"""What is to be done, in the reader's language: tasks are kept in Chinese, as records are."""

import re

from django.utils.translation import gettext


def task_in_words(task: str) -> str:
    """Return the task of a work item in the reader's language; a number in it is kept as it is.

    `补正 3 处，重新提交` is looked up as `补正 %(n)s 处，重新提交`, the text that pages mark for translation.
    """
    number = re.search(r"\d+", task)
    if number is None:
        return gettext(task)
    marked = f"{task[: number.start()]}%(n)s{task[number.end() :]}"
    return gettext(marked).replace("%(n)s", number[0])
