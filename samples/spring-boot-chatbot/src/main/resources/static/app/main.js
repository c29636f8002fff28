// SPDX-License-Identifier: Apache-2.0
import { forget, settings } from './api.js';
import { Steering } from './steering.js';
import { Turn } from './turn.js';

const steering = new Steering(document.getElementById('steering'));
const turns = document.getElementById('turns');
const question = document.getElementById('question');
const send = document.getElementById('send');
const stop = document.getElementById('stop');
const status = document.getElementById('status');
let conversation = newId();
let running = null;

/** Not randomUUID, which pages without TLS do not have. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
}

function setRunning(controller) {
  running = controller;
  send.disabled = controller !== null;
  stop.disabled = controller === null;
}

async function ask() {
  const text = question.value.trim();
  if (running || text === '') {
    return;
  }
  const controller = new AbortController();
  setRunning(controller);
  status.textContent = 'Answering…';
  question.value = '';
  const turn = new Turn(text, turns);
  await turn.ask({ conversation, question: text, ...steering.values() }, controller.signal);
  status.textContent = controller.signal.aborted ? 'Stopped.' : 'Both answers have ended.';
  setRunning(null);
  question.focus();
}

function begin() {
  running?.abort();
  forget(conversation).catch(() => {}); // a server that has gone has forgotten it
  conversation = newId();
  turns.replaceChildren();
  status.textContent = 'A new conversation.';
  question.focus();
}

document.getElementById('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});
question.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask();
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    running?.abort();
  }
});
stop.addEventListener('click', () => running?.abort());
document.getElementById('new').addEventListener('click', begin);

try {
  const found = await settings();
  document.title = found.title;
  document.getElementById('title').textContent = found.title;
  question.value = found.example;
  steering.fill(found);
} catch {
  status.textContent = 'The server does not answer. Load the page again once it does.';
  send.disabled = true;
}
