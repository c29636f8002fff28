// SPDX-License-Identifier: Apache-2.0
/** The models of an experiment, opened. */
@NullMarked
package dev.w2s.cli.experiment.models;

import org.jspecify.annotations.NullMarked;
