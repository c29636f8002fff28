// SPDX-License-Identifier: Apache-2.0
/** What the samples that are run from a shell have in common: options and standard output. */
@NullMarked
package dev.w2s.shell;

import org.jspecify.annotations.NullMarked;
