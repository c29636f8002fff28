// SPDX-License-Identifier: Apache-2.0
/**
 * Scores a search's candidates by small models: the difference of log-probabilities between a tuned
 * model and the untuned one it came from.
 */
@NullMarked
package dev.w2s.guidance;

import org.jspecify.annotations.NullMarked;
