// SPDX-License-Identifier: Apache-2.0
/** Runs an experiment, sample by sample, and keeps what came of it in a folder. */
@NullMarked
package dev.w2s.cli.experiment.run;

import org.jspecify.annotations.NullMarked;
