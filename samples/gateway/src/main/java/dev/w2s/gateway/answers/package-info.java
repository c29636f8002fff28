// SPDX-License-Identifier: Apache-2.0
/** Requests answered, piece by piece. */
@NullMarked
package dev.w2s.gateway.answers;

import org.jspecify.annotations.NullMarked;
