// SPDX-License-Identifier: Apache-2.0
/**
 * What calls of large models have in common: so many at a time, counted, in pieces that a server
 * takes.
 */
@NullMarked
package dev.w2s.sampling.calls;

import org.jspecify.annotations.NullMarked;
