// SPDX-License-Identifier: Apache-2.0
/** One answer: what is asked for, and what is told while it is made. */
@NullMarked
package dev.w2s.chatbot.answers;

import org.jspecify.annotations.NullMarked;
