// SPDX-License-Identifier: Apache-2.0

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from bytes that come in any pieces: within a
 * character, within a line, between the two halves of CRLF.
 */
export class EventReader {
  #decoder = new TextDecoder();
  #line = '';
  #afterReturn = false;
  #name = '';
  #data = [];

  /** The events that are complete with these bytes, each with its name and data. */
  push(bytes) {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  #read(text) {
    const events = [];
    for (const character of text) {
      if (character === '\n' && this.#afterReturn) {
        this.#afterReturn = false; // the second half of a line's end
        continue;
      }
      this.#afterReturn = character === '\r';
      if (character === '\n' || character === '\r') {
        const event = this.#endLine();
        if (event) {
          events.push(event);
        }
      } else {
        this.#line += character;
      }
    }
    return events;
  }

  #endLine() {
    const line = this.#line;
    this.#line = '';
    if (line === '') {
      return this.#endEvent();
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      this.#name = value;
    } else if (field === 'data') {
      this.#data.push(value);
    } // comments, and fields that nobody here needs
    return null;
  }

  #endEvent() {
    const event = { name: this.#name || 'message', data: this.#data.join('\n') };
    const isThere = this.#data.length > 0;
    this.#name = '';
    this.#data = [];
    return isThere ? event : null;
  }
}
