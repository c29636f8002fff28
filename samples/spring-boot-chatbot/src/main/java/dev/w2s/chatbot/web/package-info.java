// SPDX-License-Identifier: Apache-2.0
/** HTTP: what the page asks for. */
@NullMarked
package dev.w2s.chatbot.web;

import org.jspecify.annotations.NullMarked;
