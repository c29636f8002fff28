// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

/**
 * A token that was drawn.
 *
 * @param id in the model's vocabulary
 * @param logProbability nats given what precedes, as the model has it: before penalties,
 *     temperature, top-k and top-p
 */
record DrawnToken(int id, double logProbability) {}
