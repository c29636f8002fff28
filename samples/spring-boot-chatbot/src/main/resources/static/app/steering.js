// SPDX-License-Identifier: Apache-2.0

/** The form that says how answers are steered. */
export class Steering {
  #form;

  constructor(form) {
    this.#form = form;
    form.addEventListener('input', () => this.#showValues());
    form.addEventListener('submit', (event) => event.preventDefault());
  }

  /** Begins with what the server has. */
  fill(settings) {
    const guides = this.#form.querySelector('#guides');
    for (const [name, weight] of Object.entries(settings.guides)) {
      guides.append(slider(name, weight));
    }
    guides.hidden = Object.keys(settings.guides).length === 0;
    this.#field('wanted').value = settings.wanted;
    this.#field('opposite').value = settings.opposite;
    this.#field('beam-width').value = settings.beamWidth;
    this.#field('successors').value = settings.successors;
    this.#field('chunk-length').value = settings.chunkLength;
    this.#field('guard').checked = settings.guard;
    this.#showValues();
  }

  #field(id) {
    return this.#form.querySelector(`#${id}`);
  }

  #number(id) {
    return Number(this.#field(id).value);
  }

  #showValues() {
    for (const output of this.#form.querySelectorAll('output')) {
      output.value = output.parentElement.querySelector('input').value;
    }
  }

  /** As the server wants it. */
  values() {
    const weights = {};
    for (const input of this.#form.querySelectorAll('#guides input')) {
      weights[input.dataset.guide] = Number(input.value);
    }
    const wanted = this.#field('wanted').value.trim();
    const opposite = this.#field('opposite').value.trim();
    const weight = this.#number('words-weight');
    return {
      weights,
      beamWidth: this.#number('beam-width'),
      successors: this.#number('successors'),
      chunkLength: this.#number('chunk-length'),
      guard: this.#field('guard').checked,
      words: weight === 0 ? null : { wanted, opposite, weight },
    };
  }
}

function slider(name, weight) {
  const row = document.createElement('div');
  row.className = 'slider';
  const label = document.createElement('label');
  const input = document.createElement('input');
  const output = document.createElement('output');
  input.id = `guide-${name}`;
  input.type = 'range';
  input.min = '-3';
  input.max = '3';
  input.step = '0.1';
  input.value = String(weight);
  input.dataset.guide = name;
  label.htmlFor = input.id;
  label.textContent = `Weight of ${name}`;
  output.htmlFor = input.id;
  row.append(label, input, output);
  return row;
}
