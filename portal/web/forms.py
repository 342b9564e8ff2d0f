"""How Django forms become markup: one field template for the whole portal."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Named by FORM_RENDERER: `{{ form }}` and `{{ field.as_field_group }}` give label, hint, error, control."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
