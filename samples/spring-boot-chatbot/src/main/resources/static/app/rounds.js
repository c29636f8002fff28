// SPDX-License-Identifier: Apache-2.0

/** The candidates of a round, best first; what was not scored keeps its order. */
export function ranked(round) {
  return [...round.candidates].sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.id - b.id);
}

/** Why a candidate of a round was kept or dropped, in words. */
export function reason(candidate, round) {
  const order = ranked(round);
  const rank = order.findIndex((each) => each.id === candidate.id) + 1;
  if (candidate.kept) {
    return `kept: ${rank}. of ${order.length}`;
  }
  const kept = order.filter((each) => each.kept && each.score !== null);
  if (kept.length === 0 || candidate.score === null) {
    return 'dropped';
  }
  const worst = Math.min(...kept.map((each) => each.score));
  return candidate.score > worst
    ? 'dropped by the guard, though it scores better than one that was kept'
    : `dropped: ${nats(worst - candidate.score)} below the last that was kept`;
}

/** A number of nats, as it is shown. */
export function nats(value) {
  return value === null || value === undefined ? 'no score' : `${value.toFixed(2)} nats`;
}

/** What a candidate adds to the one that it continues. */
export function added(candidate, parentText) {
  return candidate.text.startsWith(parentText)
    ? candidate.text.slice(parentText.length)
    : candidate.text;
}

/** All that is to be said of a candidate. */
export function description(candidate, round) {
  const draws = candidate.draws > 1 ? `, drawn ${candidate.draws} times` : '';
  const ended = candidate.ended ? ', complete' : '';
  return `Round ${round.number}, ${nats(candidate.score)}, ${reason(candidate, round)}${draws}${ended}: ${candidate.text}`;
}
