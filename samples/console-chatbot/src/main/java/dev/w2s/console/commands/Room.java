// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.commands;

import dev.w2s.console.chat.Chat;
import dev.w2s.console.terminal.Console;
import dev.w2s.console.terminal.Screen;

/**
 * What a command works on.
 *
 * @param chat the conversation
 * @param console where it takes place
 * @param screen writes there
 */
public record Room(Chat chat, Console console, Screen screen) {}
