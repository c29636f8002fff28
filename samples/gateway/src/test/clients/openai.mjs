// SPDX-License-Identifier: Apache-2.0
// OpenAI's own client for Node, unchanged, against a gateway that runs, and against a second one that it
// starts in front of a small server of its own. Prints a line for each thing shown, fails at the first that
// is not so. Arguments: the gateway's address, a key, the gateway's jar. Called by the script `run`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';

const [address, key, jar] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${address}/v1`, apiKey: key, maxRetries: 0 });
const question = [{ role: 'user', content: 'How was the movie?' }];
const guided = 'movie-reviews+positive';
const shown = (what) => console.log(`  openai ${what}`);

async function active(at = address, withKey = key) {
  const answer = await fetch(`${at}/metrics`, { headers: { Authorization: `Bearer ${withKey}` } });
  return Number(/^gateway_answers_active (\S+)$/m.exec(await answer.text())[1]);
}

async function until(condition, seconds = 10) {
  const end = Date.now() + 1000 * seconds;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `not within ${seconds} s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// Models
const names = (await client.models.list()).data.map((model) => model.id);
assert.deepEqual(names, ['movie-reviews', guided]);
assert.equal((await client.models.retrieve(guided)).id, guided);
shown(`models: ${names.join(', ')}`);

// A chat, whole and streamed; the same seed gives the same text.
const chat = { model: guided, messages: question, max_completion_tokens: 20, seed: 7 };
const whole = await client.chat.completions.create(chat);
const text = whole.choices[0].message.content;
assert.ok(text.trim().length > 0);
assert.ok(['stop', 'length'].includes(whole.choices[0].finish_reason));
assert.equal(whole.usage.total_tokens, whole.usage.prompt_tokens + whole.usage.completion_tokens);
shown(`chat: ${JSON.stringify(text)}`);

const stream = await client.chat.completions.create({
  ...chat,
  stream: true,
  stream_options: { include_usage: true },
});
let streamed = '';
let usage = null;
let pieces = 0;
for await (const piece of stream) {
  pieces++;
  streamed += piece.choices[0]?.delta?.content ?? '';
  usage = piece.usage ?? usage;
}
assert.equal(streamed, text);
assert.deepEqual(usage, whole.usage);
shown(`stream: the same text in ${pieces} pieces, usage of ${usage.total_tokens} tokens behind it`);

const runner = client.chat.completions.stream(chat);
assert.equal(await runner.finalContent(), text);
shown('stream helper: finalContent() is the same text');

// Completions: prompts times n, in order
const prompts = ['This movie was', 'The acting is'];
const texts = await client.completions.create({
  model: 'movie-reviews',
  prompt: prompts,
  n: 2,
  max_tokens: 6,
});
assert.deepEqual(texts.choices.map((choice) => choice.index), [0, 1, 2, 3]);
assert.ok(texts.choices.every((choice) => choice.text.length > 0));
shown(`completions: ${prompts.length} prompts with n = 2 make ${texts.choices.length} choices`);

const echo = await client.completions.create({
  model: 'movie-reviews',
  prompt: prompts,
  echo: true,
  logprobs: 0,
  max_tokens: 0,
});
echo.choices.forEach((choice, i) => {
  assert.equal(choice.text, prompts[i]);
  const { tokens, token_logprobs: nats, text_offset: offsets } = choice.logprobs;
  assert.equal(tokens.length, nats.length);
  assert.equal(tokens.length, offsets.length);
  assert.equal(tokens[0], ''); // the token that begins a text, which has no text itself
  assert.equal(nats[0], null);
  assert.ok(nats.slice(1).every((each) => each < 0));
  assert.equal(tokens.join(''), prompts[i]);
});
shown(`echo with logprobs: ${echo.choices[0].logprobs.tokens.length} tokens, the first null`);

// What OpenAI does not have goes as a further field of the request.
const steered = await client.chat.completions.create({
  ...chat,
  model: 'movie-reviews',
  max_completion_tokens: 12,
  w2s: { weights: { positive: 1.5 }, beam_width: 2, successors: 3, chunk_length: 4, guard: true, trace: true },
});
const search = steered.choices[0].w2s;
assert.equal(search.trace.length, search.rounds);
assert.equal(search.trace[0].candidates.reduce((sum, each) => sum + each.draws, 0), 6);
shown(`w2s: score ${search.score.toFixed(2)}, a trace of ${search.rounds} rounds`);

// Errors
await assert.rejects(
  client.chat.completions.create({ ...chat, model: 'gpt-5' }),
  (error) => error instanceof NotFoundError && error.code === 'model_not_found' && error.param === 'model');
await assert.rejects(client.models.retrieve('gpt-5'), NotFoundError);
shown('errors: an unknown model is a NotFoundError');
await assert.rejects(
  client.chat.completions.create({ ...chat, temperature: 3 }),
  (error) => error instanceof BadRequestError && error.param === 'temperature');
await assert.rejects(
  client.chat.completions.create({ ...chat, stream: true, w2s: { width: 2 } }),
  (error) => error instanceof BadRequestError && error.param === 'w2s.width');
shown('errors: a wrong value is a BadRequestError that names it, streamed or not');
await assert.rejects(
  new OpenAI({ baseURL: `${address}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list(),
  (error) => error instanceof AuthenticationError && error.code === 'invalid_api_key');
shown('errors: a wrong key is an AuthenticationError');

// A client that goes away
await until(async () => (await active()) === 0);
const long = await client.chat.completions.create({ ...chat, max_completion_tokens: 250, stream: true });
for await (const piece of long) {
  assert.equal(piece.choices.length, 1);
  assert.equal(await active(), 1);
  break; // which closes the stream, as long.controller.abort() does
}
const left = Date.now();
await until(async () => (await active()) === 0);
shown(`cancel: the search ended ${Date.now() - left} ms after its client had left`);

// Behind a gateway in front of another server, tools pass as they are.
const requests = [];
const call = { id: 'call_1', type: 'function', function: { name: 'rate', arguments: '{"stars": 5}' } };
const upstream = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  requests.push({ path: request.url, key: request.headers.authorization, body: JSON.parse(body) });
  const head = { id: 'chatcmpl-1', created: 1, model: 'theirs' };
  if (requests.at(-1).body.stream) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const deltas = [
      { role: 'assistant', tool_calls: [{ index: 0, ...call, function: { name: 'rate', arguments: '{"stars"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ': 5}' } }] },
    ];
    const choices = deltas.map((delta) => ({ index: 0, delta, finish_reason: null }));
    choices.push({ index: 0, delta: {}, finish_reason: 'tool_calls' });
    for (const choice of choices) {
      response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  } else {
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ ...head, object: 'chat.completion', choices }));
  }
});
await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));

const free = await new Promise((resolve) => {
  const socket = createSocket().listen(0, '127.0.0.1', () => {
    const { port } = socket.address();
    socket.close(() => resolve(port));
  });
});
const second = spawn(
  'java',
  [
    '-jar', jar, '--port', free,
    '--gateway.upstream.base-url', `http://127.0.0.1:${upstream.address().port}/v1`,
    '--gateway.upstream.model', 'theirs',
    '--gateway.upstream.api-key', 'sk-theirs',
    '--gateway.keys', 'sk-ours',
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  const ready = `http://127.0.0.1:${free}/health/readiness`;
  await until(async () => (await fetch(ready).catch(() => ({}))).ok, 120);
  const behind = new OpenAI({ baseURL: `http://127.0.0.1:${free}/v1`, apiKey: 'sk-ours', maxRetries: 0 });
  const asked = {
    model: 'theirs',
    messages: question,
    temperature: 0.25,
    tools: [
      { type: 'function', function: { name: 'rate', parameters: { type: 'object', properties: { stars: { type: 'integer' } } } } },
    ],
    tool_choice: 'auto',
  };
  const { data, response } = await behind.chat.completions.create(asked).withResponse();
  assert.deepEqual(data.choices[0].message.tool_calls, [call]);
  assert.equal(response.headers.get('x-w2s-guided'), 'false');
  assert.deepEqual(requests.at(-1), { path: '/v1/chat/completions', key: 'Bearer sk-theirs', body: asked });
  shown('tools: request and answer pass the gateway unchanged, with the upstream\'s key');

  const final = await behind.chat.completions.stream(asked).finalChatCompletion();
  assert.equal(final.choices[0].message.tool_calls[0].function.arguments, call.function.arguments);
  assert.deepEqual(requests.at(-1).body, { ...asked, stream: true });
  shown('tools: streamed as well');
} finally {
  second.kill();
  upstream.close();
}
