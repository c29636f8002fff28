# SPDX-License-Identifier: Apache-2.0
"""Writes golden/chat-templates.json: what transformers renders of each template and conversation.

    python golden_chat_templates.py ../resources/golden

Needs transformers and jinja2, no torch; the versions are in the file.
"""

import json
import pathlib
import sys

import jinja2
import transformers
from transformers.utils.chat_template_utils import render_jinja_template

TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}

CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "id": "abcdefghi",
            "type": "function",
            "function": {"name": "rate", "arguments": {"movie": "Léon", "stars": 4.5, "seen": True}},
        }
    ],
}
RESULT = {"role": "tool", "content": '{"ok": "é"}', "name": "rate", "tool_call_id": "abcdefghi"}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "rate",
            "description": "Rates a \"movie\"",
            "parameters": {"type": "object", "properties": {"movie": {"type": "string"}}, "required": ["movie"]},
        },
    }
]


def turns(*pairs):
    return [{"role": role, "content": content} for role, content in pairs]


CONVERSATIONS = {
    "one question": turns(("user", "How was it?")),
    "with a system message": turns(("system", "Be kind."), ("user", "Hello")),
    "several turns": turns(
        ("system", " You like\nmovies. "),
        ("user", "Hi"),
        ("assistant", "Hello! \"Well\" <b>&amp;</b> {{ x }} {% y %}"),
        ("user", "日本語 🙂 naïve\n\n"),
    ),
    "an empty answer": turns(("user", "Say nothing"), ("assistant", ""), ("user", "Thanks")),
    "left open": turns(("user", "Hi"), ("assistant", "The movie was")),
    "left open behind a space": turns(("user", "Hi"), ("assistant", "  The movie was ")),
    "left open in the middle of thinking": turns(("user", "Hi"), ("assistant", "Oh\n\nwell,\n")),
    "a thought": turns(
        ("user", "Hi"), ("assistant", "<think>\nhm\n</think>\n\nHello"), ("user", "And?")
    ),
    "a tool": [
        {"role": "user", "content": "Rate Léon"},
        CALL,
        RESULT,
        {"role": "assistant", "content": "Good."},
        {"role": "user", "content": "Thanks"},
    ],
    "a tool's answer last": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Rate Léon"},
        CALL,
        RESULT,
    ],
    "roles that do not alternate": turns(("user", "a"), ("user", "b")),
}
VARIABLES = [
    {},
    {"tools": TOOLS},
    {"enable_thinking": False},
    {"enable_thinking": True, "date_string": "1 Jan 2026"},
]


def render(template, conversation, variables):
    open_ended = conversation[-1]["role"] == "assistant"
    given = {key: value for key, value in variables.items() if key != "tools"}
    rendered, _ = render_jinja_template(
        conversations=[conversation],
        tools=variables.get("tools"),
        chat_template=template,
        add_generation_prompt=not open_ended,
        continue_final_message=open_ended,
        **TOKENS,
        **given,
    )
    return rendered[0]


def cases(folder):
    for file in sorted(folder.glob("*.jinja")):
        template = file.read_text(encoding="utf-8")
        for name, conversation in CONVERSATIONS.items():
            for variables in VARIABLES if file.stem in ("qwen3", "llama3-tools", "mistral-tools") else [{}]:
                case = {"template": file.stem, "conversation": name, "variables": variables}
                try:
                    case["text"] = render(template, conversation, variables)
                except jinja2.exceptions.TemplateError as e:
                    case["error"] = str(e)
                except ValueError:
                    case["error"] = ""  # the last message is not shown as it is
                yield case


def main():
    golden = pathlib.Path(sys.argv[1])
    content = {
        "versions": {"transformers": transformers.__version__, "jinja2": jinja2.__version__},
        "tokens": TOKENS,
        "conversations": CONVERSATIONS,
        "cases": list(cases(golden / "chat-templates")),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (golden / "chat-templates.json").write_text(text + "\n", encoding="utf-8")


main()
