"""Refusals: what the law or the state of a case does not allow, said in a sentence for the person who tried."""


class DomainError(Exception):
    """An act that a rule refused. `message` is written for the user: what was found, what is expected, how to go on.

    `clause` names the clause id the refusal rests on, when there is one.
    """

    def __init__(self, message: str, *, clause: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause


class StatusMoved(DomainError):
    """The case was moved first. `by_whom`, with the id `by_id`, and `when` say what the audit trail knows of it."""

    def __init__(self, message: str, *, by_whom: str = "", when: str = "", by_id: int | None = None) -> None:
        super().__init__(message)
        self.by_whom = by_whom
        self.when = when
        self.by_id = by_id


class NotAllowed(DomainError):
    """The person's role, level or earlier part in the case does not permit this act (separation of duties)."""


class InvalidInput(DomainError):
    """Several points of a submission are wrong. `problems` maps the place (a field or slot) to its sentence."""

    def __init__(self, message: str, problems: dict[str, str]) -> None:
        super().__init__(message)
        self.problems = problems
