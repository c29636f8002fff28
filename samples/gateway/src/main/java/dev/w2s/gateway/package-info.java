// SPDX-License-Identifier: Apache-2.0
/** A server with OpenAI's API that guides whatever stands behind it. */
@NullMarked
package dev.w2s.gateway;

import org.jspecify.annotations.NullMarked;
