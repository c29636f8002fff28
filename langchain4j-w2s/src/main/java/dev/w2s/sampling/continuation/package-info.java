// SPDX-License-Identifier: Apache-2.0
/** How a chat model is made to go on with an answer that it has begun. */
@NullMarked
package dev.w2s.sampling.continuation;

import org.jspecify.annotations.NullMarked;
