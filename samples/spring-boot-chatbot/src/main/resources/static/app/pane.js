// SPDX-License-Identifier: Apache-2.0
import { nats } from './rounds.js';

/** One of the two answers to a question. What a model says is text and never markup. */
export class Pane {
  #section;
  #text = '';

  constructor(section) {
    this.#section = section;
    this.#busy(true);
  }

  #busy(is) {
    this.#section.setAttribute('aria-busy', String(is));
  }

  #part(name) {
    return this.#section.querySelector(`.${name}`);
  }

  /** More of the answer. */
  more(text) {
    this.#text += text;
    this.#part('answer').textContent = this.#text;
  }

  /** The answer is complete. */
  done(done) {
    this.#text = done.text;
    this.#part('answer').textContent = done.text;
    const rows = [
      ['tokens drawn', done.sampledTokens],
      ['calls', done.calls],
      ['sampling', seconds(done.samplingSeconds)],
    ];
    if (done.best !== null) {
      rows.unshift(['score', nats(done.score)]);
      rows.push(['tokens scored', done.scoredTokens], ['scoring', seconds(done.scoringSeconds)]);
    }
    rows.push(['in all', seconds(done.seconds)], ['stopped by', done.reason]);
    this.#part('cost').replaceChildren(...rows.map(([name, value]) => row(name, value)));
    this.#busy(false);
  }

  /** There will be no more of it. */
  broken(why) {
    const problem = this.#part('problem');
    problem.textContent = why;
    problem.hidden = false;
    this.#busy(false);
  }
}

function row(name, value) {
  const pair = document.createElement('div');
  const term = document.createElement('dt');
  const said = document.createElement('dd');
  term.textContent = name;
  said.textContent = String(value);
  pair.append(term, said);
  return pair;
}

function seconds(value) {
  return `${value.toFixed(2)} s`;
}
