// SPDX-License-Identifier: Apache-2.0
/** What tells how good a response is, and how fluent. */
@NullMarked
package dev.w2s.cli.experiment.judge;

import org.jspecify.annotations.NullMarked;
