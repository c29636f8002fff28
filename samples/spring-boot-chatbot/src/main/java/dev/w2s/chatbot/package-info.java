// SPDX-License-Identifier: Apache-2.0
/**
 * A chatbot in the browser: a critic who answers questions about a movie, guided and unguided side
 * by side.
 */
@NullMarked
package dev.w2s.chatbot;

import org.jspecify.annotations.NullMarked;
