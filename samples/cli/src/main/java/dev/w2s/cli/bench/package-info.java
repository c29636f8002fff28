// SPDX-License-Identifier: Apache-2.0
/** {@code w2s bench}: what the pair costs. */
@NullMarked
package dev.w2s.cli.bench;

import org.jspecify.annotations.NullMarked;
