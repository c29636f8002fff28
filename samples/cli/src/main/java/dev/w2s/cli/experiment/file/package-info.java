// SPDX-License-Identifier: Apache-2.0
/** Reads experiments from YAML; what is wrong is told with line, key and rule, all at once. */
@NullMarked
package dev.w2s.cli.experiment.file;

import org.jspecify.annotations.NullMarked;
