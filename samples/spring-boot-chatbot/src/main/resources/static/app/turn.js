// SPDX-License-Identifier: Apache-2.0
import { answer, Gone, Refusal } from './api.js';
import { Frames } from './frames.js';
import { Pane } from './pane.js';
import { description, ranked } from './rounds.js';
import { SearchTree } from './tree.js';

/** How near to its end a tree is followed, in pixels: a column or two. */
const NEAR = 400;

/** A question with its two answers and the search for the guided one. */
export class Turn {
  #item;
  #guided;
  #alone;
  #tree;
  #rounds = [];
  #frames = new Frames();
  #view;
  #follows = true;
  #following = false;

  /** Puts it behind the others, whose searches are folded. */
  constructor(question, turns) {
    this.#item = document.getElementById('turn').content.cloneNode(true).firstElementChild;
    this.#item.querySelector('.question').textContent = question;
    this.#guided = new Pane(this.#item.querySelector('.guided'));
    this.#alone = new Pane(this.#item.querySelector('.alone'));
    const inspector = this.#item.querySelector('.inspector');
    this.#view = this.#item.querySelector('.tree');
    this.#view.addEventListener('scroll', () => {
      const hidden = this.#view.scrollWidth - this.#view.clientWidth - this.#view.scrollLeft;
      this.#follows = hidden < NEAR;
    });
    this.#tree = new SearchTree(this.#view, (said) => {
      inspector.textContent = said;
    });
    this.#item.querySelector('.list').addEventListener('toggle', () => this.#listRounds());
    turns.querySelectorAll('.search').forEach((search) => {
      search.open = false;
    });
    turns.append(this.#item);
    this.#item.scrollIntoView({ block: 'start' });
  }

  /** Asks both ways at once; ends when both have ended. */
  async ask(request, signal) {
    await Promise.all([
      this.#run({ ...request, guided: true }, this.#guided, signal),
      this.#run({ ...request, guided: false }, this.#alone, signal),
    ]);
  }

  async #run(request, pane, signal) {
    try {
      for await (const { name, data } of answer(request, signal)) {
        this.#frames.add(() => this.#take(pane, name, data));
      }
    } catch (error) {
      this.#frames.add(() => pane.broken(explained(error, signal)));
    }
    await new Promise((resolve) => this.#frames.add(resolve));
  }

  /** Read in the frame that shows it: what comes in a burst is not read in one go. */
  #take(pane, name, data) {
    const value = JSON.parse(data);
    switch (name) {
      case 'text':
        pane.more(value.text);
        break;
      case 'round':
        this.#round(value);
        break;
      case 'done':
        pane.done(value);
        if (value.best !== null) {
          this.#tree.choose(value.best);
        }
        break;
      case 'failed':
        pane.broken(value.message);
        break;
      default: // of a newer server
    }
  }

  #round(round) {
    this.#rounds.push(round);
    this.#tree.add(round);
    this.#follow();
    this.#listRounds();
  }

  /** Keeps the newest round in sight, once a frame, unless the reader has gone back. */
  #follow() {
    if (this.#follows && !this.#following) {
      this.#following = true;
      requestAnimationFrame(() => {
        this.#following = false;
        this.#view.scrollLeft = this.#view.scrollWidth;
      });
    }
  }

  /** The same in words, for whoever reads it so; made when it is opened. */
  #listRounds() {
    const list = this.#item.querySelector('.list');
    if (!list.open) {
      return;
    }
    const shown = list.querySelector('ol');
    for (const round of this.#rounds.slice(shown.children.length)) {
      const entry = document.createElement('li');
      const candidates = document.createElement('ul');
      for (const candidate of ranked(round)) {
        const line = document.createElement('li');
        line.textContent = description(candidate, round);
        candidates.append(line);
      }
      entry.append(candidates);
      shown.append(entry);
    }
  }
}

function explained(error, signal) {
  if (signal.aborted) {
    return 'Stopped. What had come by then is remembered.';
  }
  if (error instanceof Refusal) {
    return error.message;
  }
  if (error instanceof Gone) {
    return 'The server has gone away. Start it again, and ask again.';
  }
  return `This page has failed: ${error.message}`;
}
