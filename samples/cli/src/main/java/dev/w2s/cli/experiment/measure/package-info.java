// SPDX-License-Identifier: Apache-2.0
/** What is counted and estimated: n-grams, means, intervals, win rates. */
@NullMarked
package dev.w2s.cli.experiment.measure;

import org.jspecify.annotations.NullMarked;
