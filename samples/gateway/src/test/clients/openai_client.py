# SPDX-License-Identifier: Apache-2.0
"""OpenAI's own client for Python, unchanged, against a gateway that runs, and against a second one that it
starts in front of a small server of its own. Prints a line for each thing shown, fails at the first that is
not so. Arguments: the gateway's address, a key, the gateway's jar. Called by the script `run`.
"""

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai import AuthenticationError, BadRequestError, NotFoundError, OpenAI

address, key, jar = sys.argv[1:]
client = OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0)
question = [{"role": "user", "content": "How was the movie?"}]
guided = "movie-reviews+positive"


def shown(what):
    print(f"  openai {what}", flush=True)


def active():
    request = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        return float(re.search(r"^gateway_answers_active (\S+)$", answer.read().decode(), re.M)[1])


def until(condition, what, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def raised(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


# Models
names = [model.id for model in client.models.list()]
assert names == ["movie-reviews", guided], names
assert client.models.retrieve(guided).id == guided
shown(f"models: {', '.join(names)}")

# A chat, whole and streamed; the same seed gives the same text.
chat = {"model": guided, "messages": question, "max_completion_tokens": 20, "seed": 7}
whole = client.chat.completions.create(**chat)
text = whole.choices[0].message.content
assert text.strip()
assert whole.choices[0].finish_reason in ("stop", "length")
assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
shown(f"chat: {json.dumps(text)}")

streamed, usage, pieces = "", None, 0
for piece in client.chat.completions.create(**chat, stream=True, stream_options={"include_usage": True}):
    pieces += 1
    if piece.choices:
        streamed += piece.choices[0].delta.content or ""
    usage = piece.usage or usage
assert streamed == text
assert usage == whole.usage
shown(f"stream: the same text in {pieces} pieces, usage of {usage.total_tokens} tokens behind it")

with client.chat.completions.stream(**chat) as stream:
    assert "".join(event.delta for event in stream if event.type == "content.delta") == text
shown("stream helper: the deltas of its events are the same text")

# Completions: prompts times n, in order
prompts = ["This movie was", "The acting is"]
texts = client.completions.create(model="movie-reviews", prompt=prompts, n=2, max_tokens=6)
assert [choice.index for choice in texts.choices] == [0, 1, 2, 3]
assert all(choice.text for choice in texts.choices)
shown(f"completions: {len(prompts)} prompts with n = 2 make {len(texts.choices)} choices")

echo = client.completions.create(model="movie-reviews", prompt=prompts, echo=True, logprobs=0, max_tokens=0)
for prompt, choice in zip(prompts, echo.choices):
    assert choice.text == prompt
    logprobs = choice.logprobs
    assert len(logprobs.tokens) == len(logprobs.token_logprobs) == len(logprobs.text_offset)
    assert logprobs.tokens[0] == ""  # the token that begins a text, which has no text itself
    assert logprobs.token_logprobs[0] is None
    assert all(nats < 0 for nats in logprobs.token_logprobs[1:])
    assert "".join(logprobs.tokens) == prompt
shown(f"echo with logprobs: {len(echo.choices[0].logprobs.tokens)} tokens, the first null")

# What OpenAI does not have goes in extra_body, and comes back in model_extra.
steered = client.chat.completions.create(
    model="movie-reviews",
    messages=question,
    max_completion_tokens=12,
    extra_body={
        "w2s": {
            "weights": {"positive": 1.5},
            "beam_width": 2,
            "successors": 3,
            "chunk_length": 4,
            "guard": True,
            "trace": True,
        }
    },
)
search = steered.choices[0].model_extra["w2s"]
assert len(search["trace"]) == search["rounds"]
assert sum(each["draws"] for each in search["trace"][0]["candidates"]) == 6
shown(f"w2s: score {search['score']:.2f}, a trace of {search['rounds']} rounds")

# Errors
error = raised(NotFoundError, lambda: client.chat.completions.create(**{**chat, "model": "gpt-5"}))
assert error.code == "model_not_found" and error.param == "model"
raised(NotFoundError, lambda: client.models.retrieve("gpt-5"))
shown("errors: an unknown model is a NotFoundError")
error = raised(BadRequestError, lambda: client.chat.completions.create(**chat, temperature=3))
assert error.param == "temperature"
error = raised(
    BadRequestError,
    lambda: client.chat.completions.create(**chat, stream=True, extra_body={"w2s": {"width": 2}}),
)
assert error.param == "w2s.width"
shown("errors: a wrong value is a BadRequestError that names it, streamed or not")
wrong = OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0)
assert raised(AuthenticationError, lambda: wrong.models.list()).code == "invalid_api_key"
shown("errors: a wrong key is an AuthenticationError")

# A client that goes away
until(lambda: active() == 0, "nothing active")
with client.chat.completions.create(**{**chat, "max_completion_tokens": 250}, stream=True) as long:
    assert next(iter(long)).choices
    assert active() == 1
left = time.monotonic()
until(lambda: active() == 0, "the search has ended")
shown(f"cancel: the search ended {1000 * (time.monotonic() - left):.0f} ms after its client had left")

# Behind a gateway in front of another server, tools pass as they are.
requests = []
call = {"id": "call_1", "type": "function", "function": {"name": "rate", "arguments": '{"stars": 5}'}}
head = {"id": "chatcmpl-1", "created": 1, "model": "theirs"}


class Upstream(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        requests.append({"path": self.path, "key": self.headers["Authorization"], "body": body})
        self.send_response(200)
        if body.get("stream"):
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            begun = {**call, "index": 0, "function": {"name": "rate", "arguments": '{"stars"'}}
            ended = {"index": 0, "function": {"arguments": ": 5}"}}
            for delta, reason in (
                ({"role": "assistant", "tool_calls": [begun]}, None),
                ({"tool_calls": [ended]}, None),
                ({}, "tool_calls"),
            ):
                choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
                data = json.dumps({**head, "object": "chat.completion.chunk", "choices": choices})
                self.wfile.write(f"data: {data}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")
        else:
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
            choices = [{"index": 0, "message": message, "finish_reason": "tool_calls"}]
            self.wfile.write(json.dumps({**head, "object": "chat.completion", "choices": choices}).encode())

    def log_message(self, *arguments):
        pass


upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
threading.Thread(target=upstream.serve_forever, daemon=True).start()
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
second = subprocess.Popen(
    ["java", "-jar", jar, "--port", str(port)]
    + ["--gateway.upstream.base-url", f"http://127.0.0.1:{upstream.server_port}/v1"]
    + ["--gateway.upstream.model", "theirs", "--gateway.upstream.api-key", "sk-theirs"]
    + ["--gateway.keys", "sk-ours"],
    stdout=subprocess.DEVNULL,
)


def ready():
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/readiness").status == 200
    except OSError:
        return False


try:
    until(ready, "the second gateway is ready", 120)
    behind = OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-ours", max_retries=0)
    parameters = {"type": "object", "properties": {"stars": {"type": "integer"}}}
    asked = {
        "model": "theirs",
        "messages": question,
        "temperature": 0.25,
        "tools": [{"type": "function", "function": {"name": "rate", "parameters": parameters}}],
        "tool_choice": "auto",
    }
    raw = behind.chat.completions.with_raw_response.create(**asked)
    assert raw.headers["x-w2s-guided"] == "false"
    assert raw.parse().choices[0].message.tool_calls[0].to_dict() == call
    assert requests[-1] == {"path": "/v1/chat/completions", "key": "Bearer sk-theirs", "body": asked}
    shown("tools: request and answer pass the gateway unchanged, with the upstream's key")

    with behind.chat.completions.stream(**asked) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.arguments == call["function"]["arguments"]
    assert requests[-1]["body"] == {**asked, "stream": True}
    shown("tools: streamed as well")
finally:
    second.terminate()
    second.wait()
    upstream.shutdown()
