// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.bench;

import dev.w2s.model.text.ModelTokenizer;
import dev.w2s.model.text.TokenIds;
import dev.w2s.search.Candidate;
import dev.w2s.search.CandidateSampler;
import dev.w2s.search.DrawRequest;
import dev.w2s.search.SamplingCost;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A sampler that costs nothing: random words, of one token each, so that a chunk has exactly the
 * tokens it should have. The texts mean nothing; their number of tokens is what scoring costs.
 */
final class RandomWords implements CandidateSampler {
  private static final int TOKENS_TRIED = 4000;
  private static final Pattern WORD = Pattern.compile(" [a-z]+");

  private final List<String> words;
  private final SplittableRandom random;
  private long calls;
  private long tokens;

  private RandomWords(List<String> words, SplittableRandom random) {
    this.words = words;
    this.random = random;
  }

  /** Takes the words from the first tokens of a tokenizer. */
  static RandomWords of(ModelTokenizer tokenizer, long seed) {
    List<String> words =
        IntStream.range(0, TOKENS_TRIED)
            .mapToObj(id -> tokenizer.decode(TokenIds.of(id)))
            .filter(text -> WORD.matcher(text).matches() && tokenizer.countTokens(text) == 1)
            .toList();
    return new RandomWords(words, new SplittableRandom(seed));
  }

  @Override
  public List<List<Candidate>> sample(List<DrawRequest> requests) {
    calls++;
    List<List<Candidate>> rows = new ArrayList<>();
    for (DrawRequest request : requests) {
      rows.add(IntStream.range(0, request.draws()).mapToObj(i -> draw(request)).toList());
    }
    return rows;
  }

  private Candidate draw(DrawRequest request) {
    tokens += request.maxTokens();
    StringBuilder text = new StringBuilder(request.response().text());
    for (int i = 0; i < request.maxTokens(); i++) {
      text.append(words.get(random.nextInt(words.size())));
    }
    return new Candidate(
        text.toString(), request.response().tokens() + request.maxTokens(), Candidate.Status.OPEN);
  }

  @Override
  public SamplingCost cost() {
    return new SamplingCost(calls, tokens);
  }

  @Override
  public void close() {}
}
