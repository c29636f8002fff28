// SPDX-License-Identifier: Apache-2.0
/**
 * OpenAI's API as it is on the wire: requests that are read, answers and errors that are written.
 */
@NullMarked
package dev.w2s.gateway.openai;

import org.jspecify.annotations.NullMarked;
