// SPDX-License-Identifier: Apache-2.0
import { added, description, ranked } from './rounds.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 190;
const FORK = 40;
const ROW = 32;
const TOP = 18;
const RADIUS = 5;
const LONGEST_LABEL = 23;

/**
 * A search as a tree that grows to the right, a column a round, the best on top. A column is a
 * picture of its own, from the ends of the column before it to its own, and does not change when
 * others come: so a round costs the same at any length of a search.
 */
export class SearchTree {
  #columns = [];
  #known = new Map([[0, { y: TOP, text: '' }]]);
  #row;
  #inspect;
  #stop = null;

  /**
   * @param container that the picture is put into
   * @param inspect is told of the node that has the focus, in words
   */
  constructor(container, inspect) {
    this.#inspect = inspect;
    this.#row = document.createElement('div');
    this.#row.className = 'columns';
    this.#row.setAttribute('role', 'tree');
    this.#row.setAttribute('aria-label', 'Search');
    this.#row.addEventListener('keydown', (event) => this.#onKey(event));
    container.append(this.#row);
  }

  /** Draws a round. */
  add(round) {
    const number = this.#columns.length;
    const column = [];
    for (const candidate of ranked(round)) {
      const known = this.#known.get(candidate.id);
      if (known) {
        this.#mark(known, candidate, round); // it was complete before, and competes on
      } else {
        column.push(this.#draw(candidate, round, number, column.length));
      }
    }
    this.#columns.push(column);
    const height = 2 * TOP + column.length * ROW;
    const svg = element('svg', { width: WIDTH, height, role: 'presentation' });
    svg.append(...column.map((node) => node.line), ...column.map((node) => node.element));
    this.#row.append(svg);
    if (!this.#stop && column.length > 0) {
      this.#setStop(column[0]);
    }
  }

  #draw(candidate, round, column, row) {
    const parent = this.#known.get(candidate.parent) ?? this.#known.get(0);
    const y = TOP + row * ROW;
    const node = { id: candidate.id, parent: candidate.parent, y, text: candidate.text, column, row };
    node.line = element('path', { class: 'edge', d: curve(parent.y, y, candidate) });
    node.element = element('g', { class: 'node', role: 'treeitem', tabindex: '-1' });
    node.element.append(
      element('circle', { cx: FORK, cy: y, r: RADIUS }),
      label(y - 4, 'words', shortened(added(candidate, parent.text))),
      label(y + 11, 'score', candidate.score === null ? '' : candidate.score.toFixed(2)),
    );
    node.element.addEventListener('focus', () => this.#inspect(node.said));
    node.element.addEventListener('click', () => this.#focus(node));
    this.#mark(node, candidate, round);
    this.#known.set(node.id, node);
    return node;
  }

  #mark(node, candidate, round) {
    node.said = description(candidate, round);
    node.element.setAttribute('aria-label', node.said);
    for (const part of [node.element, node.line]) {
      part.classList.toggle('kept', candidate.kept);
      part.classList.toggle('ended', candidate.ended);
    }
  }

  /** Shows which way led to the answer. */
  choose(id) {
    for (let node = this.#known.get(id); node?.element; node = this.#known.get(node.parent)) {
      node.element.classList.add('chosen');
      node.line.classList.add('chosen');
    }
  }

  /** One node is a stop of the tab key; from there the arrow keys go on. */
  #setStop(node) {
    this.#stop?.element.setAttribute('tabindex', '-1');
    this.#stop = node;
    node.element.setAttribute('tabindex', '0');
  }

  #focus(node) {
    this.#setStop(node);
    node.element.focus();
  }

  #onKey(event) {
    const next = this.#stop && this.#neighbour(this.#stop, event.key);
    if (next?.element) {
      event.preventDefault();
      this.#focus(next);
    }
  }

  #neighbour(node, key) {
    const column = this.#columns[node.column];
    switch (key) {
      case 'ArrowLeft':
        return this.#known.get(node.parent);
      case 'ArrowRight':
        return this.#columns[node.column + 1]?.find((each) => each.parent === node.id);
      case 'ArrowUp':
        return column[node.row - 1];
      case 'ArrowDown':
        return column[node.row + 1];
      case 'Home':
        return this.#columns[0][0];
      case 'End':
        return this.#columns.findLast((each) => each.length > 0)[0];
      default:
        return null;
    }
  }
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, String(value));
  }
  return made;
}

/** What is written beside a node, above its line or below; aloud it is said by the node. */
function label(y, kind, text) {
  const made = element('text', { class: kind, x: FORK + RADIUS + 4, y, 'aria-hidden': 'true' });
  made.textContent = text;
  return made;
}

/** From the parent's end to the node, and on to the column's end if others may continue it. */
function curve(from, to, candidate) {
  const fork = `M0,${from} C${FORK / 2},${from} ${FORK / 2},${to} ${FORK - RADIUS},${to}`;
  return candidate.kept && !candidate.ended ? `${fork} M${FORK + RADIUS},${to} H${WIDTH}` : fork;
}

function shortened(text) {
  const characters = [...text.replace(/\s+/gu, ' ').trim()];
  return characters.length <= LONGEST_LABEL
    ? characters.join('')
    : `${characters.slice(0, LONGEST_LABEL).join('')}…`;
}
