"""Forms of the portal: one field template, and errors that say what was found and what to write."""

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django import forms
from django.db.models import Model
from django.forms.renderers import TemplatesSetting

from portal.plain_words import PlainWords

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


class CountyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django does not make it generic
    """A county, shown with its city."""

    def label_from_instance(self, obj: Any) -> str:
        """Return city and county."""
        return f"{obj.parent.name} {obj.name}"
