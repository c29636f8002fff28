// SPDX-License-Identifier: Apache-2.0
/** The conversation: what is asked, how it is guided, what came of it. */
@NullMarked
package dev.w2s.console.chat;

import org.jspecify.annotations.NullMarked;
