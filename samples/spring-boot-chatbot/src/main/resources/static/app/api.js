// SPDX-License-Identifier: Apache-2.0
import { EventReader } from './events.js';

/** What the server has to say of a request that it refuses. */
export class Refusal extends Error {}

/** The server has gone before the answer was complete. */
export class Gone extends Error {}

/** What the page begins with. */
export async function settings() {
  const response = await fetch('api/settings');
  if (!response.ok) {
    throw new Gone(`status ${response.status}`);
  }
  return response.json();
}

/** Forgets a conversation. */
export async function forget(conversation) {
  await fetch(`api/conversations/${encodeURIComponent(conversation)}`, { method: 'DELETE' });
}

/**
 * Asks a question. Gives its events one by one, each with its name and its data, which is JSON. The
 * last one is "done" or "failed".
 */
export async function* answer(request, signal) {
  const reader = (await post(request, signal)).body.getReader();
  const events = new EventReader();
  let last = '';
  for (;;) {
    const { done, value } = await read(reader, signal);
    if (done) {
      break;
    }
    for (const event of events.push(value)) {
      last = event.name;
      yield event;
    }
  }
  if (last !== 'done' && last !== 'failed') {
    throw new Gone('the stream has ended before the answer');
  }
}

async function post(request, signal) {
  let response;
  try {
    response = await fetch('api/answers', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream, application/json' },
      body: JSON.stringify(request),
      signal,
    });
  } catch (error) {
    throw signal.aborted ? error : new Gone(error.message);
  }
  if (!response.ok) {
    throw new Refusal(await message(response));
  }
  return response;
}

async function message(response) {
  try {
    return (await response.json()).message;
  } catch {
    return `The server answered with status ${response.status}.`;
  }
}

async function read(reader, signal) {
  try {
    return await reader.read();
  } catch (error) {
    throw signal.aborted ? error : new Gone(error.message);
  }
}
