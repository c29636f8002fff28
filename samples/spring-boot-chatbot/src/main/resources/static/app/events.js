// SPDX-License-Identifier: Apache-2.0

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from bytes that come in any pieces: within a
 * character, within a line, between the two halves of CRLF.
 */
export class EventReader {
  #decoder = new TextDecoder();
  #rest = '';
  #afterReturn = false;
  #name = '';
  #data = [];

  /** The events that are complete with these bytes, each with its name and data. */
  push(bytes) {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  #read(text) {
    if (text === '') {
      return [];
    }
    const events = [];
    const lineEnd = /\r\n|\r|\n/gu;
    // What looks like an empty line may be the second half of the line end before.
    let from = this.#afterReturn && text.startsWith('\n') ? 1 : 0;
    lineEnd.lastIndex = from;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      const event = this.#endLine(this.#rest + text.slice(from, end.index));
      this.#rest = '';
      from = lineEnd.lastIndex;
      if (event) {
        events.push(event);
      }
    }
    this.#rest += text.slice(from);
    this.#afterReturn = text.endsWith('\r');
    return events;
  }

  #endLine(line) {
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
