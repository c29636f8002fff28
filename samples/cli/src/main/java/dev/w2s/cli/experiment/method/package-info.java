// SPDX-License-Identifier: Apache-2.0
/** Ways to a response, each a {@link dev.w2s.cli.experiment.method.Method}. */
@NullMarked
package dev.w2s.cli.experiment.method;

import org.jspecify.annotations.NullMarked;
