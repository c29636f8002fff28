// SPDX-License-Identifier: Apache-2.0
/** Says what came of an experiment: a table, a page, figures. */
@NullMarked
package dev.w2s.cli.experiment.report;

import org.jspecify.annotations.NullMarked;
