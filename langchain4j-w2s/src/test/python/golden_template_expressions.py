# SPDX-License-Identifier: Apache-2.0
"""Writes golden/template-expressions.json: what transformers renders of expressions and whitespace.

    python golden_template_expressions.py ../resources/golden

Needs transformers and jinja2, no torch; the versions are in the file. Every template sees one message
and the variables. What Jinja2 refuses is left out, and what is
known to be otherwise: none is written as nothing, items() are lists and not tuples.
"""

import itertools
import json
import pathlib
import sys

import jinja2
import transformers
from transformers.utils.chat_template_utils import render_jinja_template

CONVERSATION = [{"role": "user", "content": "Hello"}]
VARIABLES = {
    "nothing": "",
    "text": "Hello, World",
    "spaced": "  a b  c\t\n",
    "repeated": "ababab",
    "digits": "0123",
    "mixed": "it's é2 ÅB-c",
    "lines": "a\nb\n\nc\n",
    "list": [1, 2, 3, 4, 5],
    "words": ["ab", "b", "", "ab"],
    "map": {"a": 1, "b": None, "c": {"d": [True, 2.5]}},
    "wide": "\u00a0\x85\u2009a\u00a0b\u2028c\x85",
    "faces": "🙂a🙃🙂b 🙂",
    "control": "\b\f\n\r\t\x01\x1f ~\x7f\"\\",
}
TEXTS = ["nothing", "text", "spaced", "repeated", "digits", "mixed", "lines"]
METHODS = [
    "strip()", "lstrip()", "rstrip()", "strip('ab')", "lstrip('a ')", "rstrip('b\\n')", "upper()", "lower()",
    "title()", "capitalize()", "splitlines()", "split()", "split('b')", "split(', ')", "split('b', 1)",
    "split('b', 0)", "split('b', 2)", "split(none, 1)", "split(none, 0)", "isdigit()", "startswith('a')",
    "startswith(('x', 'H'))", "startswith(('x', 'y'))", "endswith('b')", "endswith(('d', '\\n'))",
    "replace('a', 'XY')", "replace('b', '')", "replace('', '-')", "find('b')", "find('zz')", "rfind('b')",
    "rfind('zz')", "count('b')", "count('ab')", "count('zz')", "count('')", "removeprefix('a')",
    "removeprefix('zz')", "removesuffix('b')", "removesuffix('zz')", "join(words)", "join('xyz')",
]  # fmt: skip
PLACES = ["", "0", "1", "2", "4", "5", "9", "-1", "-2", "-5", "-9"]
STEPS = ["1", "2", "-1", "-2"]
OTHER = [
    "words.index('b')", "words.count('ab')", "words.count('x')", "list[0]", "list[-1]", "list[4]", "list[-5]",
    "list | length", "words | join('-')", "words | join", "map.get('a')", "map.get('x') is none", 
    "map.get('b', 'o') is none", "map.get('x', 'o')", "map.keys() | list", "map.values() | list",
    "map.copy()", "map['c']['d'][0]", "map.c.d[1]", "map.x is defined", "map.a is defined", "map.x", "x",
    "x is defined", "map.b is none", "list is iterable", "text is iterable", "map is iterable", "1 is iterable",
    "none is iterable", "text is string", "list is string", "map is mapping", "list is mapping", "list is sequence",
    "'a' in map", "'x' in map", "2 in list", "9 in list", "'H' in text", "not 'H' in text", "'H' not in text",
    "not not 1", "not 0 and 1", "not (0 or 1)", "not 'a' == 'b'", "[not 0, not 1]", "not x is defined",
    "(not 1) or 2", "{'a': not 1}", "'not ' + 'or'", "'a' if not x else 'b'", "nothing is not defined",
    "1 if '(' == ')' else 2", "'[({' ~ '])}'", "'it\\'s' ~ \"\\\"q\\\"\"", "'a\\nb'", "(1, 2) | list", "[1, [2, [3]]]",
    "{'a': {'b': 1}}.a.b", "range(3) | list", "range(1, 7, 2) | list", "range(0) | list", "namespace(a=1).a",
     "list | tojson", "map | tojson", "map | tojson(indent=2)", "mixed | tojson", "[] | tojson",
    "{} | tojson(indent=4)", "'<b>&\\'\"/' | tojson", "'a\\tb\\\\c\\n' | tojson", "[1, 'a', none, true] | tojson",
    "[[], {}, [1]] | tojson(indent=1)", "text ~ 1 ~ true ~ 2.0", "1 + 2 * 3", "(1 + 2) * 3", "7 // 2", "-7 // 2",
    "7 % 3", "-7 % 3", "2 ** 10", "7 / 2", "6 / 3", "1.0", "1e3", "0.1 + 0.2", "true", "1 == 1.0", "'1' == 1",
     "'a' < 'b'",  "[1] + [2]", "'a' + 'b'", "list | first", "list | last", 
    "words | unique | list", "words | sort", "list | reverse | list", "text | reverse", "text | upper", "text | lower",
    "text | title", "spaced | trim", "text | replace('l', 'L')", "text | default('d')", "x | default('d')",
    "'' | default('d')", "'' | default('d', true)", "list | map('string') | join(',')", 
    "words | reject('equalto', 'b') | list", "'%s-%d' | format('a', 3)", "text | indent(2)", "lines | indent(2)",
    "lines | indent(3, true)", "'7' | int", "'x' | int", "'x' | int(5)", "'1.5' | float", "3 | string", "list | string",
    "[1, 2][::-1]", "'a,b'.split(',')[1]", "text.upper().lower().title()", "messages[0].content[1:3]",
    "messages[0]['content'][:-1]", "messages | length", "messages[0].role == 'user' and messages[0].content",
    "'%' ~ '}}' ~ '%}'", "\"{{ '{%' }}\"", "text[0]", "text[-1]", "text[5:]", "text[:5]", "text[:]", "nothing[:3]",
    "words | map('length') | list", "words | map('upper') | join",  "loop is defined",
    "x and 1", "0 and 1", "'' and x", "1 and ''", "1 and 2 and 3", "x or 0 or ''", "'a' == 'a'", "'a' != 'a'", "1 != 1.0", "'1' != 1",
    "true == 1", "true == 2", "none == 0", "none == none", "none != none", "[1, 'a'] == [1, 'a']", "{'a': 1} == {'a': 1}",
    "7 % -3", "-7 % -3", "-6 % 3", "7.5 % 2", "-7.5 % 2", "7 % -2.5", "{'a': {'b': {}}} | tojson", "{'a': {'b': 1}}['a']", "1 ~ 'a' ~ [true]",
    "'a\\n\\nb' | indent", "'a\\n\\nb' | indent(1, true)", "'a\\n\\nb' | indent(1, blank=true)", "'a\\nb' | indent(width=3, first=true)", "'a\\nb' | indent('--')",
    "'-'.join({'a': 1, 'b': 2})", "'-'.join('é🙂x')", "' a  b '.split(none, 5)", "' a  b '.split(none, 1)", "'  '.split()",
    "list | length % 2", "(list | length) % 3", "list[(words | length) % 3]", "(list | length) % 2.5", "7 % true",
    "('a' | safe) == 'a'", "('a' | escape) == 'a'", "('a' | trim) == ('a' | string)", "('a' | safe) != 'a'", "('a' | safe) ~ 'b'",
    "('a' | safe) in ['a']", "(list | length) == 5", "list | length == 5.0", "map | tojson(2)", "map | tojson(false, 2)",
    "map | tojson(true, indent=1)", "'é🙂' | tojson", "'é🙂' | tojson(true)", "'é🙂' | tojson(ensure_ascii=true)", "'é' | tojson(ensure_ascii=false)",
    "x | upper", "x | lower", "x | title", "x | capitalize", "x | replace('a', 'b')", "x | string", "x | escape", "x | safe", "x | indent", "x | reverse | list", "x | last | string", "x | sort | list", "x | unique | list", "x | int", "x | float", "x | select('string') | list", "x | map('upper') | list", "'<a>' | escape", "'<a>' | e", "x | trim", "x | length", "x | list", "x | join(',')", "x | default('') | trim",
    "x is string", "x is mapping", "not x", "(x or {}).get('a')  is none", "x in list", "'a' in x",
    "words | rejectattr('a') | list", "messages | rejectattr('role', 'equalto', 'system') | list | length",
    "messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | first", "messages | map(attribute='role') | unique | list",
    "'<think>a</think>b'.split('</think>')[-1]", "'<think>a</think>b'.split('</think>')[0].split('<think>')[-1]", "text.split(', ') | last",
    "map | dictsort", "map.c.d | length", "[3, 1, 2] | sort", "[3, 1, 2] | sort(reverse=true)", "['b', 'A'] | sort", "2.567 | round(1)",
    "-3 | abs", "'a' if false", "true and false or true", "1 in [1] and 2 not in [1]", "'a' ~ ('b' if true else 'c')", "(1 if true else 2) + 1",
    "[1, 2, 3] | map('string') | list", "'x' | string ~ 'y'", "'a' + 'b' ~ 1", "2 * 3 ~ 4", "not 1 == 2", "1 > 0 and not 0 > 1",
    "wide.strip() | length", "wide.lstrip() | length", "wide.rstrip() | length", "wide.split()", "wide.splitlines()", "control.splitlines()", "'a\\r\\n\\rb'.splitlines()", "[wide]", "['🙂é\u200b\ue000漢']", "wide.split(none, 1)",
    "control | tojson", "control | tojson(true)", "[control]", "[\"it's\"]", "['say \"a\"']", "['it\\'s \"a\"']", "['\\\\']",
    "'漢a ab-cd 1st'.title()", "'aßA'.title()", "''.title()", "'a'.capitalize()", "-6.0 % 3", "6.0 % -3", "-7.5 % 2.5", "0 % 5", "7 % 0.5",
    "'a | b is c'", "'a | nofilter is notest'", "range is defined", "namespace is defined", "raise_exception is defined", "strftime_now is defined",
    "'a\\\nb'", "['a\\\nb', 'c']", "[1, 2, 3][-9]", "text[-12]", "text[12]", "text[-13]", "text[99]", "(1, 'a')[1]", "{'a': [1, 2]}['a'][::-1]",
    "'a=b'.split('=')", "['a=b', 'c'] | join('=')", "words | join(d='-')", "('a' == 'a')", "x | default(default_value='a=b')", "x | default(2) + 1", "x | default([1, 2]) | length", "x | default(true)", "x | default", "x | d(3)", "0 | default(1)", "0 | default(1, true)", "0 | default(1, boolean=true)", "1 | d(2, true)", "0 | default(1, false)", "x | default('a' == 'b')",
    "[(1 if list[0] == 1 else 2), 3]", "1 if not 'a' else 2", "not 1 in list", "not 9 in list", "1 not in list", "text is not string", "text is not none and not x", "knot is defined", "nothing or not x",
    "{'not': 1}['not']", "[not x, 1][0]", "(not x)", "not (x) or 1", "not ('a' ~ ')') == 'b'", "not \"a')\" == 'b'", "not list[0] == 2",
]  # fmt: skip
BLOCKS = [
    "a\n  {% if true %}\n  b\n  {% endif %}\nc", "a\n  {%- if true %}\n  b\n  {%- endif %}\nc",
    "a\n  {% if true -%}\n  b\n  {% endif -%}\nc", "a {% if true %} b {% endif %} c", "a {%- if true -%} b {%- endif -%} c",
    "  {{ 1 }}\n  {{ 2 }}\n", "  {{- 1 }}\n  {{ 2 -}}\n  x", "{{ 1 -}}\n\n {{- 2 }}", "{# c #}\nx", "  {# c #}\nx", "  {#- c -#}  \n x",
    "a {# c #} b", "{%+ if true %}x{% endif %}", "  {%+ if true %}x{% endif %}", "{% if true +%}\nx{% endif %}", "\n{% if true %}\n\nx\n{% endif %}\n\n",
    "x\n", "x\n\n", "x\r\ny\r\n", "{% raw %}{{ a }} {% b %}{% endraw %}x", "  {% raw %}\n {{ a }}\n{% endraw %}\nx",
    "{% for i in list %}{{ i }},{% endfor %}", "{% for i in list if i > 2 %}{{ i }}{% else %}none{% endfor %}",
    "{% for i in list if i > 9 %}{{ i }}{% else %}none{% endfor %}", "{% for i in [] %}{{ i }}{% else %}none{% endfor %}",
    "{% for a, b in map.items() %}{{ a }}={{ b is none }};{% endfor %}", "{% for i in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}",
    "{% for i in list %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% for i in list %}{% if i == 3 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in list %}{{ loop.previtem }}-{{ loop.nextitem }} {% endfor %}", 
    "{% for i in list %}{{ loop.index % 2 }}{{ list[loop.index0 % 3] }}{% endfor %}",
    "{% for i in list %}{% if loop.index0 % 2 == 0 %}e{% else %}o{% endif %}{% endfor %}", "{% for i in 'abc' %}{{ i }}.{% endfor %}", "{% for i in '' %}{{ i }}{% else %}e{% endfor %}", "{% for i in '🙂é' %}{{ i }}.{% endfor %}", "{% for k in map %}{{ k }}{% endfor %}", "{% for i in list %}{{ loop.revindex }}{{ loop.revindex0 }} {% endfor %}",
    "{% for i in [1, 2] %}{% for j in 'ab' %}{{ i }}{{ j }}{{ loop.last }} {% endfor %}{{ loop.last }} {% endfor %}",
    "{% set a = 1 %}{% for i in list %}{% set a = i %}{% endfor %}{{ a }}", "{% set n = namespace(a=0) %}{% for i in list %}{% set n.a = n.a + i %}{% endfor %}{{ n.a }}",
    "{% set a %}x{{ 1 }}{% endset %}[{{ a }}]", "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% macro m(a, b='d') %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}",
    "{% if x %}a{% elif text %}b{% else %}c{% endif %}", "{% if not x and text %}a{% endif %}", "{% if list and not (x or nothing) %}a{% endif %}",
    "{%if true%}a{%endif%}", "{{1}}{{-2-}} x", "{{ - 2 }}", "{% generation %}a{% endgeneration %}b", "{{ '{{' }}{{ '}}' }}", "{% if '%}' == '%}' %}a{% endif %}",
    "{{ ')' }}({{ '(' }})",  "{% set x = [1,\n 2] %}\n{{ x\n | length }}", 
    "\ta\n\t{% if true %}\n\tb\n\t{% endif %}\n", "a{% if true %}  \nb{% endif %}", "{% if true %}{% if true %}\na\n{% endif %}\n{% endif %}\nb",
    "x  {%- set a = 1 %}\n  y", "x\n{%- set a = 1 -%}\ny", "x\n  {% set a = 1 %}  {% set b = 2 %}\n  y", "{{ 'a' -}} \n\n b {{- 'c' }}", "{#\n c\n#}\n\nx", "x {#- c #}\n y",
    "{# raw #}\nx{{ 1 }}", "{# raw #}\n{% if true %}\nx{% endif %}{% raw %}{{ 2 }}{% endraw %}", "{% raw %}\n  a\n  {% endraw %}b", "{% raw %}a  {% endraw %}b", "a{{ raw }}\n{{ 1 }}", "{% raw -%}\n a {{ b }} {%- endraw %}c", "{%- raw %}a{% endraw -%}\n b", "{% raw %}a{%+ endraw +%}\nb",
    "{% for (a, b) in [[1, 2], [3, 4]] %}{{ a }}{{ b }} {% endfor %}", "{% for a, b in ['xy', 'zw'] %}{{ b }}{{ a }}{% endfor %}", "{% for a, b, c in [[1, 2, 3]] %}{{ c }}{{ a }}{% endfor %}", "{% for a in list if a is even and a > 2 %}{{ a }}{% endfor %}",
    "{% for i in list if i in [1, 2] %}{{ i }}{% endfor %}", "{% for i in 'if in' if i != ' ' %}{{ i }}{% endfor %}", "{% for i in list %}{{ loop.index }}{% else %}x{% endfor %}y", "{% for i in [1, 2] %}{% for j in [] %}{% else %}{{ i }}{% break %}x{% endfor %}y{% endfor %}", "{% for i in list %}{% if i > 3 %}a{% elif i > 1 %}b{% continue %}c{% else %}d{% endif %}e{% endfor %}",
    "{% for i in list %}{% if i == 2 %}a{% continue %}b{% endif %}c{% endfor %}", "{% for i in list %}a{% if i == 2 %}b{% break %}c{% endif %}d{% endfor %}", "{% for k, v in map.items() if v %}{{ k }}{% else %}x{% endfor %}",
    "{% for i in [3] %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% endfor %}", "{% for i in nothing %}x{% endfor %}y", "{% for i in range(3) %}{% for j in range(2) %}{% if j == 1 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
    "a \t{%- if true %}b{% endif %}", "a \n\t {% if true %}b{% endif %}", "a\n{{ 1 }} \n  {% if true %}b{% endif %}", "{{ 1 }}  {% if true %}b{% endif %}", "{% if true %}  {% endif %}b", "{% if true %}\n  {% endif %}b", "{% if true %}\n{%+ if true %}a{% endif %}{% endif %}",
    "{{ {'a': {'b': 1}} }}", "{{ {'a': {'b': {'c': 1}}}['a']['b'] }}", "{% set n = namespace(a=1, b='x=y') %}{{ n.a }}{{ n.b }}", "{% set n = namespace(a=not x) %}{{ n.a }}", "{% generation %}\na{{ 1 }}\n{% endgeneration %}\nb",
    "{% macro m(a=1) %}{{ a }}{% endmacro %}{{ m() }}{{ m(2) }}{{ m(a=3) }}", "  {%- macro m(a) -%} {{ a }} {%- endmacro -%} {{ m('x') }}",
]  # fmt: skip


FACES = [
    "faces[0]", "faces[1]", "faces[-1]", "faces[2]", "faces[7]", "faces[:1]", "faces[1:4]", "faces[::-1]", "faces[::2]",
    "faces | length", "faces | count", "faces.find('b')", "faces.rfind('🙂')", "faces.find('x')", "faces.count('')",
    "faces.count('🙂')", "faces.strip('🙂')", "faces.lstrip('🙃🙂')", "faces.rstrip(' 🙂')", "faces.strip('🙃')",
    "faces | list", "faces | first", "faces | last", "faces | reverse", "faces.capitalize()", "faces | capitalize",
    "faces.title()", "faces | title", "faces.split('🙂')", "faces.replace('', '-')", "'𐐨x'.capitalize()", "'𐐨x'.title()",
    "'𐐨x'.upper()", "faces.isdigit()", "'𝟙'.isdigit()", "faces.removeprefix('🙂')", "faces == '🙂a🙃🙂b 🙂'", "'🙂' in faces",
    "[faces]", "faces | tojson", "faces | join('-')", "'-'.join(faces)", "faces | unique | list", "faces | sort | list",
    "faces | indent(1, true)", "faces | trim", "faces | string | length", "[faces, ''] | map('length') | list",
    "'ßa'.title()", "'ßa ǆx'.capitalize()", "'ßa ǆx'.title()", "['ab', 'éA'] | map('capitalize') | list", "'' | capitalize",
    "' ab' | capitalize", "text[1:3]", "text[:-1]", "list[:]", "text | first", "text | last", "text | join('-')",
    "'cab' | sort | join", "'abca' | unique | join", "text | reverse", "'ab' | map('upper') | list", "[] | length", "map | length",
    "'ab c-d(e) ßx ǆ' | title", "'a1b' | reject('==', '1') | list", "'' | first", "x | first", "[] | first",
]  # fmt: skip


def templates():
    for text, method in itertools.product(TEXTS, METHODS):
        yield "{{ %s.%s }}" % (text, method)
    for start, stop in itertools.product(PLACES, PLACES):
        yield "{{ list[%s:%s] }}" % (start, stop)
    for start, stop, step in itertools.product(PLACES, PLACES, STEPS):
        if (len(start) + len(stop)) % 2 == 0:  # a half of them will do
            yield "{{ list[%s:%s:%s] }}" % (start, stop, step)
    for start, step in itertools.product(PLACES, STEPS):
        yield "{{ text[%s::%s] }}" % (start, step)
    for expression in [*OTHER, *FACES]:
        yield "[{{ %s }}]" % expression
    yield from BLOCKS


def render(template):
    rendered, _ = render_jinja_template(
        conversations=[CONVERSATION], chat_template=template, add_generation_prompt=True, **VARIABLES
    )
    return rendered[0]


def cases():
    for template in templates():
        try:
            text = render(template)
            if text:
                yield {"template": template, "text": text}
        except (jinja2.exceptions.TemplateError, TypeError, ValueError, AttributeError) as e:
            print("refused:", template, "-", e)


def main():
    golden = pathlib.Path(sys.argv[1])
    content = {
        "versions": {"transformers": transformers.__version__, "jinja2": jinja2.__version__},
        "conversation": CONVERSATION,
        "variables": VARIABLES,
        "cases": list(cases()),
    }
    text = json.dumps(content, ensure_ascii=False, indent=0)
    (golden / "template-expressions.json").write_text(text + "\n", encoding="utf-8")


main()
