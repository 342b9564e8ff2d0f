"""What is unlikely in a dossier: to be looked at again, never a reason to refuse a filing. Plain Python."""

from collections.abc import Collection, Iterator

from applications.dossier import Answers
from applications.reading import day_of, number_of

_BESIDE = {("premises", "tenants.tenants"): "premises.capacity"}  # a hint as it stands on the page of the other answer


def hints(answers: Answers) -> dict[str, str]:
    """Return what is unlikely, by place, in a sentence that says what to do."""
    return dict([*_of_days(answers), *_of_numbers(answers)])


def hints_on(page: str, answers: Answers, places: Collection[str] | None = None) -> list[str]:
    """Return the hints that concern a section; room and tenants stand in two of them.

    `places` are those that can be changed now, None if all can: nobody is asked to look again at what is locked.
    """
    found = [(_BESIDE.get((page, place), place), says) for place, says in hints(answers).items()]
    return [says for place, says in found if place.startswith(f"{page}.") and (places is None or place in places)]


def _of_days(answers: Answers) -> Iterator[tuple[str, str]]:
    unit = answers.get("unit", {})
    founded, opened = day_of(unit.get("established_on")), day_of(unit.get("opened_on"))
    if founded is not None and opened is not None and opened < founded:
        yield (
            "unit.opened_on",
            f"基地 {opened} 开始运营，早于单位成立日期 {founded}，请核对；原由其他单位运营的照实填报。",
        )


def _of_numbers(answers: Answers) -> Iterator[tuple[str, str]]:
    tenants = answers.get("tenants", {})
    held, jobs = number_of(tenants.get("tenants")), number_of(tenants.get("jobs"))
    room = number_of(answers.get("premises", {}).get("capacity"))
    if held is not None and room is not None and held > room:
        yield "tenants.tenants", f"在孵实体 {held} 户，多于场地最多可容纳的 {room} 户，请核对；情况属实的照实填报。"
    if held is not None and jobs is not None and jobs < held:
        yield "tenants.jobs", f"带动就业 {jobs} 人，少于在孵实体 {held} 户，请核对；情况属实的照实填报。"
