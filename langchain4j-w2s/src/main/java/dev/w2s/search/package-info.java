// SPDX-License-Identifier: Apache-2.0
/**
 * Chunk-level beam search (Zhou et al. 2024, "Weak-to-Strong Search", <a
 * href="https://arxiv.org/abs/2405.19262">arXiv 2405.19262</a>, section on chunk-level beam
 * search): a large model proposes chunks of text, a scorer judges the responses so far, a beam
 * keeps the best.
 *
 * <p>{@link dev.w2s.search.Search} runs a {@link dev.w2s.search.SearchStrategy} over two ports,
 * {@link dev.w2s.search.CandidateSampler} (the large model) and {@link
 * dev.w2s.search.CandidateScorer} (the guidance pair). Each is called at most once a round, so that
 * both can batch. The package is plain Java and knows neither models nor tokenizers.
 */
@NullMarked
package dev.w2s.search;

import org.jspecify.annotations.NullMarked;
