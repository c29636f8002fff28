// SPDX-License-Identifier: Apache-2.0
/** What was said before. */
@NullMarked
package dev.w2s.chatbot.conversations;

import org.jspecify.annotations.NullMarked;
