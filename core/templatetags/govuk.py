"""GOV.UK components as template tags.

    {% load govuk %}
    {% govuk "summary-list" rows %}            a component from a dictionary of its options
    {% govuk "button" text="Save" %}           the same from keywords
    {% form_errors form %}                     the error summary, with links that work
    {% field form.when %}                      one form field as the right component
    {% fields form %}                          every field of a form, in order

The components are the macros of govuk-frontend-jinja in one environment that is made once and
never changed, so that requests answered at the same time share nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeData, SafeString, mark_safe
from jinja2 import Environment, PackageLoader, PrefixLoader

from core.forms import PARTS, DatePartsWidget, TimeWidget, noticed_name, split_date
from core.postcodes import postcodes

register = template.Library()

Params = dict[str, Any]
AnyForm = forms.BaseForm | BaseFormSet  # type: ignore[type-arg]

# Above this many characters the count is only worth showing near the limit.
_LONG = 500


@cache
def _environment() -> Environment:
    """The one Jinja environment. It is never written to after this function."""
    environment = Environment(
        autoescape=True,
        auto_reload=False,
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    )
    # The macros indent what they nest, and would add spaces to every line of a text box inside
    # a fieldset each time the form is shown again.
    environment.filters["indent"] = lambda text, *args, **kwargs: text
    return environment


@cache
def _macro(component: str) -> Callable[[Params], str]:
    """The macro of a component: "summary-list" is `govukSummaryList`."""
    source = _environment().get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    name = "govuk" + "".join(word.capitalize() for word in component.split("-"))
    macro: Callable[[Params], str] = getattr(source.module, name)
    return macro


def _prepared(value: Any, key: str = "") -> Any:
    """The options as the macros may have them.

    Text is always text: only options called "html" (or "…Html") may hold markup, and only when
    the value is marked safe; anything else there is escaped. Options that are None are left out.
    """
    if isinstance(value, Mapping):
        return {
            str(name): _prepared(item, str(name))
            for name, item in value.items()
            if item is not None
        }
    if isinstance(value, list | tuple):
        return [_prepared(item, key) for item in value]
    if key == "html" or key.endswith("Html"):
        return conditional_escape(value)
    if key == "attributes" and isinstance(value, str):
        # The macros would print it as it is.
        raise TypeError("attributes are a dictionary, not a text")
    if isinstance(value, Promise):
        value = str(value)
    # A safe string is not safe inside an attribute, so the mark comes off.
    return value + "" if isinstance(value, SafeData) and isinstance(value, str) else value


def _camel(word: str) -> str:
    first, *rest = word.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _from_keywords(keywords: Mapping[str, Any]) -> Params:
    """Keywords as options: `label__text="x"` is `{"label": {"text": "x"}}`, and so on."""
    options: Params = {}
    for keyword, value in keywords.items():
        *path, last = [_camel(word) for word in keyword.split("__")]
        target = options
        for step in path:
            target = target.setdefault(step, {})
        target[last] = value
    return options


def render(component: str, params: Mapping[str, Any]) -> SafeString:
    """One component as markup, for Python code that has no template at hand."""
    # The macro escapes; what comes back is markup.
    return mark_safe(_macro(component)(_prepared(params)))  # nosec


@register.simple_tag
def govuk(component: str, params: Mapping[str, Any] | None = None, **keywords: Any) -> SafeString:
    """A GOV.UK component by its name in the Design System.

    Keywords are added to `params`: `prevent_double_click=True` is the option
    `preventDoubleClick`, and `label__text="Name"` goes inside `label`.
    """
    return render(component, {**(params or {}), **_from_keywords(keywords)})


# Form fields


@register.simple_tag
def field(bound: BoundField, **keywords: Any) -> SafeString:
    """A bound form field as its GOV.UK component.

    Keywords: `size` of the label ("s", "m", "l", "xl" or "" for plain; default "s"),
    `heading=True` (the label is the page's heading), `hide_label=True`, `label`, `hint`,
    `width` (2, 3, 4, 5, 10, 20 characters or "one-half" …), `inline=True` and `small=True` for
    radios and checkboxes, `prefix`, `suffix`, `rows`, `spellcheck`, `classes`.
    """
    if not isinstance(bound, BoundField):
        raise TypeError("{% field %} takes a field of a form, like form.name")
    if bound.is_hidden:
        # Not `as_hidden`, which draws another widget, without this one's attributes.
        return bound.as_widget()
    return _component_of(bound.field.widget)(bound, keywords)


@register.simple_tag
def fields(form: forms.BaseForm, **keywords: Any) -> SafeString:
    """Every field of a form in order, without those that are drawn under an answer."""
    revealed: set[str] = getattr(form, "revealed_fields", set())
    return format_html_join(
        "\n", "{}", ((field(bound, **keywords),) for bound in form if bound.name not in revealed)
    )


def _component_of(widget: forms.Widget) -> Callable[[BoundField, Params], SafeString]:
    """Which component draws a widget. The first that fits counts: some derive from others."""
    for kind, draw in (
        (DatePartsWidget, _date),
        (forms.CheckboxSelectMultiple, _checkboxes),
        (forms.SelectMultiple, _checkboxes),
        (forms.RadioSelect, _radios),
        (forms.NullBooleanSelect, _yes_or_no),
        (forms.Select, _select),
        (forms.CheckboxInput, _checkbox),
        (forms.Textarea, _textarea),
        (forms.PasswordInput, _password),
        (forms.FileInput, _file),
    ):
        if isinstance(widget, kind):
            return draw
    return _input


def _words(value: object, key: str = "text") -> Params:
    """Text, or markup when the author marked it safe."""
    if isinstance(value, SafeData):
        return {"html": value}
    return {key: str(value)}


def _common(bound: BoundField, keywords: Params) -> Params:
    """What every component has: identity, hint and errors."""
    widget_attributes = bound.field.widget.attrs
    params: Params = {
        "id": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "classes": _classes(bound, keywords),
    }
    hint = keywords.get("hint", bound.help_text)
    if hint:
        params["hint"] = _words(hint)
    if bound.errors:
        # All errors of a field in one message: they are read out together anyway.
        params["errorMessage"] = {"text": ". ".join(str(error) for error in bound.errors)}
    for name in ("autocomplete", "inputmode", "pattern", "autocapitalize"):
        if name in widget_attributes:
            params[name] = widget_attributes[name]
    spellcheck = keywords.get("spellcheck", widget_attributes.get("spellcheck"))
    if spellcheck is not None:
        params["spellcheck"] = str(spellcheck).lower() == "true"
    # Django's own field does not always set `disabled` on the widget.
    if bound.field.disabled:
        params["disabled"] = True
    attributes = {
        name: value
        for name, value in widget_attributes.items()
        if name.startswith(("data-", "aria-")) or name in {"min", "max", "step", "readonly"}
    }
    if attributes:
        params["attributes"] = {
            name: {"value": value, "optional": True} for name, value in attributes.items()
        }
    return params


def _classes(bound: BoundField, keywords: Params) -> str:
    classes = [str(bound.field.widget.attrs.get("class", "")), str(keywords.get("classes", ""))]
    width = keywords.get("width")
    if width and str(width).isdigit():
        classes.append(f"govuk-input--width-{width}")
    elif width:
        classes.append(f"govuk-!-width-{width}")
    return " ".join(name for name in classes if name)


def _label(bound: BoundField, keywords: Params) -> Params:
    """The label of a component with one box."""
    size = keywords.get("size", "s")
    classes = [f"govuk-label--{size}"] if size else []
    if keywords.get("hide_label"):
        classes = ["govuk-visually-hidden"]
    return {
        **_words(keywords.get("label", bound.label)),
        "classes": " ".join(classes),
        "isPageHeading": bool(keywords.get("heading")),
    }


def _legend(bound: BoundField, keywords: Params) -> Params:
    """The legend of a component with several boxes."""
    size = keywords.get("size", "s")
    classes = [f"govuk-fieldset__legend--{size}"] if size else []
    if keywords.get("hide_label"):
        classes = ["govuk-visually-hidden"]
    return {
        "legend": {
            **_words(keywords.get("label", bound.label)),
            "classes": " ".join(classes),
            "isPageHeading": bool(keywords.get("heading")),
        }
    }


def _input(bound: BoundField, keywords: Params) -> SafeString:
    params = {**_common(bound, keywords), "label": _label(bound, keywords)}
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    if kind == "number":
        # A number box changes its value when somebody scrolls over it.
        whole = not isinstance(bound.field, forms.FloatField | forms.DecimalField)
        kind = "text"
        params.setdefault("inputmode", "numeric" if whole else "decimal")
        params["spellcheck"] = False
        params["classes"] = params["classes"] or "govuk-input--width-5"
    elif kind in {"email", "tel", "url"}:
        params["spellcheck"] = False
    if isinstance(widget, TimeWidget):
        params["spellcheck"] = False
        params["classes"] = params["classes"] or "govuk-input--width-5"
    params["type"] = kind
    value = widget.format_value(bound.value())
    params["value"] = None if value is None else str(value)
    for affix in ("prefix", "suffix"):
        if keywords.get(affix):
            params[affix] = {"text": keywords[affix]}
    return render("input", params)


def _textarea(bound: BoundField, keywords: Params) -> SafeString:
    params = {**_common(bound, keywords), "label": _label(bound, keywords)}
    value = bound.field.widget.format_value(bound.value())
    # A browser swallows one newline at the start of a text box: give it one to swallow.
    text = str(value or "")
    params["value"] = f"\n{text}" if text.startswith("\n") else text
    params["rows"] = keywords.get("rows") or bound.field.widget.attrs.get("rows", 5)
    limit = getattr(bound.field, "max_length", None)
    noticed = _noticed(bound, text)
    if not limit:
        return render("textarea", params) + noticed
    params["maxlength"] = limit
    if bound.field.disabled:
        # This component alone does not know the option.
        params.setdefault("attributes", {})["disabled"] = {"value": True, "optional": True}
    if limit > _LONG:
        params["threshold"] = 75
    return render("character-count", params) + noticed


def _noticed(bound: BoundField, text: str) -> SafeString:
    """Which postcodes the page has asked about: sent again with the text, they are meant."""
    if not (getattr(bound.field, "notices", False) and bound.form.is_bound):
        return SafeString("")
    found = ",".join(postcodes(text))
    if not found:
        return SafeString("")
    name = noticed_name(bound.html_name)
    return format_html('<input type="hidden" name="{}" value="{}">', name, found)


def _password(bound: BoundField, keywords: Params) -> SafeString:
    params = {**_common(bound, keywords), "label": _label(bound, keywords)}
    # Never sent back to the page, whatever the form was given.
    params.setdefault("autocomplete", "current-password")
    return render("password-input", params)


def _file(bound: BoundField, keywords: Params) -> SafeString:
    params = {**_common(bound, keywords), "label": _label(bound, keywords)}
    accepted = bound.field.widget.attrs.get("accept")
    if accepted:
        params.setdefault("attributes", {})["accept"] = accepted
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        params["multiple"] = True
    return render("file-upload", params)


def _date(bound: BoundField, keywords: Params) -> SafeString:
    params = _common(bound, keywords)
    typed = split_date(bound.value())
    wrong = wrong_parts(bound)
    autocomplete = "bday" if params.get("autocomplete") == "bday" else ""
    params["items"] = [
        {
            "name": f"{bound.html_name}_{part}",
            "id": f"{params['id']}_{part}",
            "label": part.capitalize(),
            "value": getattr(typed, part) or None,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in wrong else ""),
            "autocomplete": f"{autocomplete}-{part}" if autocomplete else None,
            "attributes": {
                "disabled": {"value": bound.field.disabled, "optional": True},
                "aria-invalid": {"value": "true" if part in wrong else None, "optional": True},
            },
        }
        for part in PARTS
    ]
    params["fieldset"] = _legend(bound, keywords)
    del params["name"]
    params.pop("attributes", None)
    return render("date-input", params)


def wrong_parts(bound: BoundField) -> tuple[str, ...]:
    """Which boxes of a date its errors are about: all, when they do not say."""
    if not bound.errors:
        return ()
    named: set[str] = set()
    for error in bound.errors.as_data():
        named.update((error.params or {}).get("parts", PARTS))
    return tuple(part for part in PARTS if part in named)


def _chosen(bound: BoundField) -> set[str]:
    """The answers that are already given.

    Those somebody typed or that are stored; never a default of the form's own: a question that
    comes answered is not a question.
    """
    form = bound.form
    value = bound.value() if form.is_bound else (form.initial or {}).get(bound.name)
    if callable(value):
        value = value()
    value = bound.field.prepare_value(value)
    if value is None or value == "":
        return set()
    if isinstance(value, str) or not isinstance(value, Iterable):
        value = [value]
    return {str(item) for item in value}


def _options(bound: BoundField) -> Iterator[tuple[str, Any]]:
    """Value and label of every answer; groups are laid flat, the empty answer is left out."""
    for value, label in getattr(bound.field, "choices", bound.field.widget.choices):
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        for one, words in inner:
            plain = "" if one is None else str(one)
            if plain != "":
                yield plain, words


def _empty(bound: BoundField) -> str:
    """What the form calls it that a question is not answered; empty where it does not say."""
    for value, label in getattr(bound.field, "choices", bound.field.widget.choices):
        if value in (None, "") and not isinstance(label, list | tuple):
            words = str(label)
            # Django's own line for nothing says nothing.
            return "" if words.startswith("---") else words
    return ""


def _items(bound: BoundField, keywords: Params) -> list[Params]:
    """The answers of a radio or checkbox question."""
    form, name = bound.form, bound.name
    hints = getattr(form, "option_hints", {}).get(name, {})
    reveals = getattr(form, "reveals", {}).get(name, {})
    chosen = _chosen(bound)
    items: list[Params] = []
    for value, words in _options(bound):
        item: Params = {"value": value, **_words(words), "checked": value in chosen}
        if bound.field.disabled:
            item["disabled"] = True
        if value in hints:
            item["hint"] = _words(hints[value])
        if value in reveals:
            inner = format_html_join(
                "\n", "{}", ((field(form[other]),) for other in reveals[value])
            )
            item["conditional"] = {"html": inner}
        items.append(item)
    return items


def _choice(bound: BoundField, keywords: Params) -> Params:
    params = _common(bound, keywords)
    kind = "radios"
    if isinstance(bound.field.widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        kind = "checkboxes"
    extra = [f"govuk-{kind}--{look}" for look in ("inline", "small") if keywords.get(look)]
    params["classes"] = " ".join([params["classes"], *extra]).strip()
    params["idPrefix"] = params.pop("id")
    params["fieldset"] = _legend(bound, keywords)
    params["items"] = _items(bound, keywords)
    return params


def _radios(bound: BoundField, keywords: Params) -> SafeString:
    params = _choice(bound, keywords)
    if (words := _empty(bound)) and not bound.field.required:
        # What was chosen can't be taken back otherwise.
        params["items"].insert(0, {"value": "", "text": words, "checked": not _chosen(bound)})
    return render("radios", params)


def _checkboxes(bound: BoundField, keywords: Params) -> SafeString:
    return render("checkboxes", _choice(bound, keywords))


def _yes_or_no(bound: BoundField, keywords: Params) -> SafeString:
    """Yes, no or not known: a select hides that nobody has answered yet."""
    params = _common(bound, keywords)
    stored = bound.value() if bound.form.is_bound else bound.form.initial.get(bound.name)
    answers: dict[Any, str] = {True: "true", False: "false"}
    answer = answers.get(stored, stored)
    params["classes"] = "govuk-radios--inline"
    params["idPrefix"] = params.pop("id")
    params["fieldset"] = _legend(bound, keywords)
    params["items"] = [
        {
            "value": value,
            "text": words,
            "checked": value == answer,
            "disabled": bound.field.disabled,
        }
        for value, words in (("true", "Yes"), ("false", "No"), ("unknown", "Not known"))
    ]
    return render("radios", params)


def _checkbox(bound: BoundField, keywords: Params) -> SafeString:
    """One box to tick, with its label beside it."""
    params = _common(bound, keywords)
    identity = params.pop("id")
    hint = params.pop("hint", None)
    ticked = (
        bool(bound.value())
        if bound.form.is_bound
        else bool((bound.form.initial or {}).get(bound.name))
    )
    reveals = getattr(bound.form, "reveals", {}).get(bound.name, {})
    inner = format_html_join(
        "\n", "{}", ((field(bound.form[other]),) for names in reveals.values() for other in names)
    )
    params["idPrefix"] = identity
    params["items"] = [
        {
            "value": "on",
            **_words(keywords.get("label", bound.label)),
            "hint": hint,
            "checked": ticked,
            "disabled": bound.field.disabled,
            "conditional": {"html": inner} if inner else None,
        }
    ]
    return render("checkboxes", params)


def _select(bound: BoundField, keywords: Params) -> SafeString:
    params = {**_common(bound, keywords), "label": _label(bound, keywords)}
    chosen = _chosen(bound)
    # Without an empty first line the browser would answer the question itself.
    empty = keywords.get("empty", _empty(bound) or ("Choose one" if bound.field.required else ""))
    params["items"] = [
        {"value": "", "text": empty, "selected": not chosen},
        *(
            {"value": value, **_words(words), "selected": value in chosen}
            for value, words in _options(bound)
        ),
    ]
    return render("select", params)


# Errors


def _anchor(bound: BoundField) -> str:
    """The id of the box that an error link should land on."""
    identity = bound.auto_id or bound.html_name
    if isinstance(bound.field.widget, DatePartsWidget):
        return f"{identity}_{(wrong_parts(bound) or PARTS)[0]}"
    return identity


def _error_items(form: forms.BaseForm) -> Iterator[Params]:
    for error in form.non_field_errors():
        yield {"text": str(error)}
    for name in form.fields:
        bound = form[name]
        if not bound.errors:
            continue
        text = ". ".join(str(error) for error in bound.errors)
        if bound.is_hidden:
            yield {"text": text}
        else:
            yield {"text": text, "href": f"#{_anchor(bound)}"}


def _all_forms(given: Iterable[AnyForm]) -> Iterator[AnyForm]:
    """The forms, and those inside a set of forms."""
    for form in given:
        yield form
        if isinstance(form, BaseFormSet):
            yield from form.forms


@register.simple_tag
def form_errors(*given: AnyForm, title: str = "There is a problem") -> SafeString | str:
    """The error summary of one or more forms or sets of forms; nothing when all is well."""
    items: list[Params] = []
    for form in _all_forms(form for form in given if form):
        if isinstance(form, BaseFormSet):
            items += [{"text": str(error)} for error in form.non_form_errors()]
        else:
            items += _error_items(form)
    if not items:
        return ""
    return render("error-summary", {"titleText": title, "errorList": items})


def _has_errors(form: object) -> bool:
    if isinstance(form, BaseFormSet):
        return bool(form.total_error_count())
    return isinstance(form, forms.BaseForm) and bool(form.errors)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context, *given: AnyForm) -> str:
    """The words "Error: " for the page's title, so that a screen reader says them first.

    Without forms it looks at the page's `form`, `formset` and `forms`.
    """
    found: list[Any] = list(given)
    if not found:
        found = [context.get("form"), context.get("formset"), *(context.get("forms") or ())]
    return "Error: " if any(_has_errors(form) for form in found) else ""


@register.simple_tag
def draft(key: str, form: AnyForm | None = None) -> SafeString:
    """The attributes of a `<form>` whose typing is kept as a draft under `key`.

    `<form method="post" novalidate {% draft "intervention-YP-7K3M9Q" form %}>`
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,120}", key):
        raise ValueError("a draft's key is made of letters, digits, hyphens and underscores")
    attributes = [("data-draft", key), ("data-draft-url", f"/drafts/{key}/")]
    if form is not None and form.is_bound:
        # What was just sent is newer than any draft.
        attributes.append(("data-draft-bound", "true"))
    return format_html_join(" ", '{}="{}"', attributes)


__all__ = [
    "draft",
    "error_prefix",
    "field",
    "fields",
    "form_errors",
    "govuk",
    "register",
    "render",
]
