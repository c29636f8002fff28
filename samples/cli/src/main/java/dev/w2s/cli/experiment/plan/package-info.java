// SPDX-License-Identifier: Apache-2.0
/** What an experiment is to do, as records; nothing is opened yet. */
@NullMarked
package dev.w2s.cli.experiment.plan;

import org.jspecify.annotations.NullMarked;
