// SPDX-License-Identifier: Apache-2.0
import { added, description, ranked } from './rounds.js';

const SVG = 'http://www.w3.org/2000/svg';
const COLUMN = 150;
const ROW = 24;
const MARGIN = 16;
const RADIUS = 6;
const LONGEST_LABEL = 20;

/**
 * A search as a tree that grows to the right, a column a round, the best on top. What is drawn does
 * not move any more, so that a round costs the same at any length of a search.
 */
export class SearchTree {
  #svg = element('svg', { width: COLUMN, height: ROW, role: 'tree', 'aria-label': 'Search' });
  #edges = element('g', {});
  #nodes = element('g', {});
  #known = new Map([[0, { x: MARGIN, y: MARGIN, text: '', parent: null, column: -1 }]]);
  #columns = [];
  #rows = 0;
  #inspect;
  #stop = null;

  /**
   * @param container that the picture is put into
   * @param inspect is told of the node that has the focus, in words
   */
  constructor(container, inspect) {
    this.#inspect = inspect;
    this.#svg.append(this.#edges, this.#nodes);
    this.#svg.addEventListener('keydown', (event) => this.#onKey(event));
    container.append(this.#svg);
  }

  /** Draws a round. */
  add(round) {
    const column = this.#columns.length;
    const fresh = [];
    for (const candidate of ranked(round)) {
      const known = this.#known.get(candidate.id);
      if (known) {
        this.#mark(known, candidate, round); // it was complete before, and competes on
      } else {
        fresh.push(this.#draw(candidate, round, column, fresh.length));
      }
    }
    this.#columns.push(fresh);
    this.#rows = Math.max(this.#rows, fresh.length);
    this.#svg.setAttribute('width', String(MARGIN + (column + 2) * COLUMN));
    this.#svg.setAttribute('height', String(2 * MARGIN + this.#rows * ROW));
    if (!this.#stop && fresh.length > 0) {
      this.#setStop(fresh[0]);
    }
  }

  #draw(candidate, round, column, row) {
    const parent = this.#known.get(candidate.parent) ?? this.#known.get(0);
    const node = {
      id: candidate.id,
      parent: candidate.parent,
      x: MARGIN + (column + 1) * COLUMN - COLUMN / 2,
      y: MARGIN + row * ROW,
      text: candidate.text,
      column,
      row,
    };
    node.edge = element('path', { class: 'edge', d: curve(parent, node) });
    node.element = element('g', { class: 'node', role: 'treeitem', tabindex: '-1' });
    const label = element('text', { x: node.x + RADIUS + 4, y: node.y + 4, 'aria-hidden': 'true' });
    label.textContent = shortened(added(candidate, parent.text));
    node.element.append(element('circle', { cx: node.x, cy: node.y, r: RADIUS }), label);
    node.element.addEventListener('focus', () => this.#inspect(node.said));
    node.element.addEventListener('click', () => this.#focus(node));
    this.#mark(node, candidate, round);
    this.#edges.append(node.edge);
    this.#nodes.append(node.element);
    this.#known.set(node.id, node);
    return node;
  }

  #mark(node, candidate, round) {
    node.said = description(candidate, round);
    node.element.setAttribute('aria-label', node.said);
    for (const part of [node.element, node.edge]) {
      part.classList.toggle('kept', candidate.kept);
      part.classList.toggle('ended', candidate.ended);
    }
  }

  /** Shows which way led to the answer. */
  choose(id) {
    for (let node = this.#known.get(id); node?.element; node = this.#known.get(node.parent)) {
      node.element.classList.add('chosen');
      node.edge.classList.add('chosen');
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
        return this.#columns.at(-1)[0];
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

function curve(from, to) {
  const middle = (from.x + to.x) / 2;
  return `M${from.x},${from.y} C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
}

function shortened(text) {
  const line = text.replace(/\s+/gu, ' ');
  const characters = [...line];
  return characters.length <= LONGEST_LABEL
    ? line
    : `${characters.slice(0, LONGEST_LABEL).join('')}…`;
}
