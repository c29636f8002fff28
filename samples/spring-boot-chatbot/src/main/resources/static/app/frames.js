// SPDX-License-Identifier: Apache-2.0

const MOST_MS = 5;

/**
 * Does things one after the other, as many in a frame as leave the browser time to draw. What comes
 * in a burst so does not hold up typing or scrolling.
 */
export class Frames {
  #waiting = [];
  #asked = false;

  /** Does it in this frame or a later one, after all that came before. */
  add(task) {
    this.#waiting.push(task);
    if (!this.#asked) {
      this.#asked = true;
      requestAnimationFrame(() => this.#run());
    }
  }

  #run() {
    const end = performance.now() + MOST_MS;
    do {
      this.#waiting.shift()?.();
    } while (this.#waiting.length > 0 && performance.now() < end);
    this.#asked = this.#waiting.length > 0;
    if (this.#asked) {
      requestAnimationFrame(() => this.#run());
    }
  }
}
