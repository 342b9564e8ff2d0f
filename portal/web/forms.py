"""Forms of the portal: one field template, and errors that say what was found and what to write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

from portal.errors import DomainError, InvalidInput
from portal.plain_words import PlainWords
from portal.web.parts import Fact

WRITTEN = (forms.Textarea, forms.TextInput, forms.NumberInput)
M = TypeVar("M", bound=Model)


class Renderer(TemplatesSetting):
    """Named by FORM_RENDERER: `{{ form }}` and `{{ field.as_field_group }}` give label, hint, error, control."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class PlainForm(PlainWords, forms.Form):
    """A form with plain words."""


if TYPE_CHECKING:

    class PlainModelForm(PlainWords, forms.ModelForm[M]):
        """A model form with plain words: `class BaseForm(PlainModelForm[Base])`."""

else:

    class PlainModelForm(PlainWords, forms.ModelForm, Generic[M]):
        """A model form with plain words; the framework's own class is not generic at run time."""


def write_refusal(form: forms.BaseForm, refusal: DomainError, *, places: Mapping[str, str] | None = None) -> None:
    """Write what an act refused into the form: each sentence beside its field, what belongs to none on top.

    `places` names the field where the act calls a place otherwise than the form does.
    """
    if not isinstance(refusal, InvalidInput):
        form.add_error(None, refusal.message)
        return
    for place, sentence in refusal.problems.items():
        name = (places or {}).get(place, place)
        form.add_error(name if name in form.fields else None, sentence)


def typed_in(form: forms.BaseForm) -> list[Fact]:
    """Return what somebody wrote into a form that was sent, under its labels: neither passwords nor what was there."""
    written = [field for field in form if isinstance(field.field.widget, WRITTEN) and field.name in form.changed_data]
    found = [Fact(str(field.label), field.value()) for field in written]
    return [fact for fact in found if isinstance(fact.value, str) and fact.value.strip()]


class NeededAtTimesField(forms.CharField):
    """A text that must be written in some cases only: `needed` says in which, where others are marked 选填."""

    def __init__(self, *, needed: str | Promise, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.needed = needed


class CountyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django does not make it generic
    """A county, shown with its city."""

    def label_from_instance(self, obj: Any) -> str:
        """Return city and county."""
        return f"{obj.parent.name} {obj.name}"
