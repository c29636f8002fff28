// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console.chat;

/**
 * A question and what was answered.
 *
 * @param question as it was asked
 * @param answer as far as it came
 */
public record Exchange(String question, String answer) {}
