// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.measure;

/**
 * What a judge says of an answer.
 *
 * @param reward in nats
 * @param ended whether the model ended it
 */
record Judged(double reward, boolean ended) {}
