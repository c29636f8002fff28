// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.method;

import org.jspecify.annotations.Nullable;

/**
 * A response and what it took.
 *
 * @param text without the prompt
 * @param tokens of the model that wrote it
 * @param ended whether that model ended it
 * @param stopReason why it stopped, in the words of {@link dev.w2s.search.StopReason}
 * @param score nats, by the guides; null where there was nothing to choose
 * @param sampledTokens of the model that wrote it, in all draws
 * @param scoredTokens run through the small models
 * @param calls to the model that wrote it
 */
public record Answer(
    String text,
    int tokens,
    boolean ended,
    String stopReason,
    @Nullable Double score,
    long sampledTokens,
    long scoredTokens,
    long calls) {}
